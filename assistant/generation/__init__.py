"""A chat model that writes: asked within limits, read sentence by sentence."""

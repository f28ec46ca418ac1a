"""Serve a model with llama.cpp until standard input ends: `python llama_server.py WEIGHTS [GRAMMAR]`; prints its address.

A process of its own, since the server's end waits for its clients while it holds Python's lock.
"""

import sys

import xllamacpp

weights, grammar = sys.argv[1], "".join(sys.argv[2:])
parameters = xllamacpp.CommonParams()
parameters.model.path, parameters.n_ctx, parameters.n_parallel, parameters.verbosity = weights, 4096, 1, 0
parameters.hostnames, parameters.port = ["127.0.0.1"], 0
# several threads wait for each other in a loop, which takes minutes where other processes want the processor too
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
if grammar:
    user = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    parameters.sampling.grammar = xllamacpp.CommonGrammar(user, grammar)
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()

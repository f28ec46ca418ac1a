/* Files to the server one after the other, then the import; progress is asked for until it is done. */
(() => {
  const words = document.currentScript.dataset;
  const at = (id) => document.getElementById(id);
  const fill = (text, values) => text.replace(/\[(\w+)\]/g, (_, name) => values[name] ?? "");
  const call = async (method, path, body) => {
    const json = body && !(body instanceof Blob);
    const reply = await fetch(`/v1/imports${path}`, { method, body: json ? JSON.stringify(body) : body, headers: json ? { "content-type": "application/json" } : {} });
    const said = await reply.json();
    if (!reply.ok) throw new Error(said.detail);
    return said;
  };

  function rows(id, names, action) {
    at(id).replaceChildren(...names.map((name) => {
      const row = document.createElement("tr");
      const head = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
      const button = Object.assign(document.createElement("button"), { type: "button", className: "lotse-button", textContent: words[action] });
      button.setAttribute("aria-label", `${words[action]}: ${name}`);
      button.addEventListener("click", () => change(() => call("POST", "/file", { action, name })));
      const cell = Object.assign(document.createElement("td"), { className: "lotse-number-cell" });
      cell.append(button);
      row.append(head, cell);
      return row;
    }));
    if (!names.length) {
      const cell = Object.assign(document.createElement("td"), { colSpan: 2, textContent: words.none, className: "lotse-empty" });
      at(id).append(Object.assign(document.createElement("tr"), {}));
      at(id).lastChild.append(cell);
    }
  }

  const refused = [];
  function show(state) {
    const { progress } = state;
    rows("lotse-in", state.files, "withdraw");
    rows("lotse-out", state.withdrawn, "restore");
    at("lotse-import").hidden = progress.state === "idle" && !refused.length;
    at("lotse-progress").value = progress.share;
    const { added = 0, changed = 0, removed = 0, documents = 0 } = progress.counts;
    const text = { running: words.running, done: words.done, failed: words.failed }[progress.state] ?? "";
    const now = fill(text, { name: progress.name, added, changed, removed, documents, problem: progress.problem });
    if (at("lotse-step").textContent !== now) at("lotse-step").textContent = now;
    at("lotse-then").hidden = progress.state !== "done";
    const lines = [...refused, ...progress.refused.map(([name, reason]) => `${name}: ${reason}`)];
    at("lotse-refused").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    return progress.state === "running";
  }

  async function follow() {
    while (show(await call("GET", ""))) await new Promise((done) => setTimeout(done, 500));
  }

  async function change(...steps) {
    refused.length = 0;
    try {
      for (const step of steps) await step();
      await call("POST", "");
    } catch (error) {
      refused.push(error.message);
    }
    await follow();
  }

  async function bring(files) {
    const sent = [];
    await change(async () => {
      at("lotse-import").hidden = false;
      for (const file of files) {
        at("lotse-step").textContent = fill(words.sending, { name: file.name });
        try {
          await call("PUT", `/file?name=${encodeURIComponent(file.name)}`, file);
          sent.push(file.name);
        } catch (error) {
          refused.push(`${file.name}: ${error.message}`);
        }
      }
      if (!sent.length) throw new Error("");
    });
  }

  const drop = at("lotse-drop");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("lotse-over", name === "dragover");
      if (name === "drop") bring(event.dataTransfer.files);
    });
  }
  at("lotse-files").addEventListener("change", (event) => bring(event.target.files));
  follow();
})();

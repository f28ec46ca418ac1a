/* Conversations stay in this browser: a list, and the exchanges of each one. Nothing of it is on the server. */
(() => {
  const LIST = "lotse.list";
  const key = (id) => `lotse.talk.${id}`;
  const read = () => JSON.parse(localStorage.getItem(LIST) || "[]");
  const write = (list) => localStorage.setItem(LIST, JSON.stringify(list));
  const history = (lotse.history = {
    current: sessionStorage.getItem("lotse.current") || "",
    list: read,
    get: (id) => localStorage.getItem(key(id)) || "[]",
    choose(id) {
      history.current = id;
      sessionStorage.setItem("lotse.current", id);
      history.show();
    },
    /* The exchanges of the current conversation, which begins with them where there is none. */
    keep(kept) {
      if (!history.current) history.choose(crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
      const list = read().filter((talk) => talk.id !== history.current);
      const known = read().find((talk) => talk.id === history.current);
      const first = JSON.parse(kept)[0]?.question ?? "";
      try {
        localStorage.setItem(key(history.current), kept);
        write([{ id: history.current, title: known?.title ?? first, changed: Date.now() }, ...list]);
      } catch {
        lotse.say(lotse.words.full);
        document.getElementById("lotse-none").textContent = lotse.words.full;
        document.getElementById("lotse-none").hidden = false;
        return;
      }
      history.show();
    },
    rename(id, title) {
      write(read().map((talk) => (talk.id === id && title.trim() ? { ...talk, title: title.trim().slice(0, 200) } : talk)));
      history.show();
    },
    remove(id) {
      localStorage.removeItem(key(id));
      write(read().filter((talk) => talk.id !== id));
      if (history.current === id) history.choose("");
      history.show();
    },
    removeAll() {
      for (const talk of read()) localStorage.removeItem(key(talk.id));
      write([]);
      history.choose("");
    },
    found(words) {
      const wanted = words.trim().toLowerCase();
      return read().filter((talk) => !wanted || `${talk.title} ${history.get(talk.id)}`.toLowerCase().includes(wanted));
    },
    show() {
      const list = document.getElementById("lotse-list");
      if (!list || !lotse.words) return;
      const talks = history.found(document.getElementById("lotse-search").value);
      document.getElementById("lotse-none").hidden = talks.length > 0;
      list.replaceChildren(...talks.map(item));
    },
  });

  const made = (tag, about = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), about);
    element.append(...children);
    return element;
  };
  const button = (act, id, words, about = {}) => {
    const element = made("button", { type: "button", textContent: words, ...about });
    Object.assign(element.dataset, { act, id });
    return element;
  };

  function item(talk) {
    const open = button("open", talk.id, talk.title || lotse.words.untitled, { className: "lotse-talk", title: talk.title });
    if (talk.id === history.current) open.setAttribute("aria-current", "true");
    const more = made("details", { className: "lotse-more" });
    const summary = made("summary", { textContent: "⋯" });
    summary.setAttribute("aria-label", `${lotse.words.export}: ${talk.title}`);
    const choices = made("div", { className: "lotse-choices" },
      button("rename", talk.id, lotse.words.rename),
      ...["markdown", "html", "json"].map((form) => {
        const choice = button("export", talk.id, { markdown: "Markdown", html: "HTML", json: "JSON" }[form]);
        choice.dataset.format = form;
        return choice;
      }),
      button("delete", talk.id, lotse.words.delete));
    more.append(summary, choices);
    return made("li", {}, open, more);
  }

  /* The title becomes a field; Enter keeps what was written, Escape does not. */
  history.edit = (id) => {
    const open = [...document.querySelectorAll(".lotse-talk")].find((one) => one.dataset.id === id);
    const field = made("input", { value: open.textContent, className: "lotse-title-field", maxLength: 200 });
    field.setAttribute("aria-label", lotse.words.rename_prompt);
    let left = false;
    const leave = (keep) => {
      if (left) return;
      left = true;
      if (keep) history.rename(id, field.value);
      else history.show();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") leave(event.key === "Enter");
    });
    field.addEventListener("blur", () => leave(true));
    open.replaceWith(field);
    field.select();
  };
})();

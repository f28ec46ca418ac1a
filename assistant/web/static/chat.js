/* Hands what is clicked to gradio, and what gradio answers to the browser's own memory. */
import "./look.js";
import "./history.js";
import "./panel.js";

(() => {
  const parts = {};
  lotse.words = null;

  lotse.connect = (name, part) => {
    parts[name] = part;
    if (name === "conversation") part.watch("keep", () => part.props.keep && lotse.history.keep(part.props.keep));
    if (name !== "side") return;
    part.watch("word", () => speak(JSON.parse(part.props.word)));
    if (part.props.word) speak(JSON.parse(part.props.word));
  };

  /* The page is shown once its language is known, so that texts do not change under the eye. */
  function speak(words) {
    const first = !lotse.words;
    lotse.words = words;
    Object.assign(document.documentElement, { lang: words.language }).dataset.language = words.language;
    lotse.history.show();
    if (!first) return;
    if (lotse.history.current) open(lotse.history.current);
  }

  const exchanges = () => JSON.parse(lotse.history.get(lotse.history.current));
  const send = (question, place) => settled().then(() => parts.conversation.trigger("submit", { question, place }));
  const field = () => document.querySelector("#lotse-question textarea");

  function open(id) {
    lotse.closeSource();
    menu(false);
    settled().then(() => {
      lotse.history.choose(id);
      parts.side.trigger("select", { kept: id ? lotse.history.get(id) : "[]" });
    });
  }

  /* A question that is under way is stopped first, so that nothing of it arrives later. */
  async function settled() {
    for (let tries = 0; tries < 50 && document.querySelector(".lotse-pending"); tries += 1) {
      document.getElementById("lotse-stop").click();
      await new Promise((done) => setTimeout(done, 60));
    }
  }

  function menu(shown) {
    document.body.classList.toggle("lotse-menu-open", shown);
    document.querySelector(".lotse-menu")?.setAttribute("aria-expanded", String(shown));
    if (shown) document.querySelector(".lotse-new")?.focus();
  }

  /* An earlier question is asked otherwise in its own place; what came after it goes. */
  function edit(button) {
    const before = button.closest(".lotse-asked");
    const form = Object.assign(document.createElement("form"), { className: "lotse-edit-form" });
    const area = Object.assign(document.createElement("textarea"), { value: button.dataset.question, rows: 2, maxLength: 2000 });
    area.setAttribute("aria-label", button.getAttribute("aria-label"));
    const ok = Object.assign(document.createElement("button"), { className: "lotse-button lotse-strong" });
    ok.textContent = document.getElementById("lotse-send").textContent.trim();
    const no = Object.assign(document.createElement("button"), { type: "button", className: "lotse-button" });
    no.textContent = lotse.words.close;
    form.append(area, ok, no);
    const leave = () => {
      form.remove();
      before.hidden = false;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave();
      send(area.value, Number(button.dataset.place));
      field().focus();
    });
    no.addEventListener("click", leave);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") leave();
    });
    before.hidden = true;
    before.after(form);
    area.focus();
    area.select();
  }

  async function sheet(kept, format, name) {
    const body = JSON.stringify({ language: lotse.words.language, format, exchanges: kept });
    const reply = await fetch("/v1/evidence", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (!reply.ok) throw new Error(String(reply.status));
    const ending = { markdown: "md", html: "html", json: "json" }[format];
    lotse.save(await reply.blob(), `clusterlotse-${name}-${new Date().toISOString().slice(0, 10)}.${ending}`);
  }

  function copyAnswer(place) {
    const { answer } = exchanges()[place];
    const sources = answer.citations.map((c) => `[${c.marker}] ${[c.title, c.publisher, c.date].filter(Boolean).join(", ")}: „${c.quote}“`);
    return lotse.copy([answer.answer.replaceAll("&lt;", "<").replaceAll("**", ""), "", ...sources].join("\n"));
  }

  function feedback(button) {
    const dialog = document.getElementById("lotse-feedback");
    const about = exchanges()[button.dataset.place];
    const form = dialog.querySelector("form");
    form.reset();
    dialog.querySelector(".lotse-feedback-about").textContent = about.question + (button.dataset.marker ? ` [${button.dataset.marker}]` : "");
    dialog.dataset.verdict = button.dataset.verdict;
    dialog.querySelector(".lotse-feedback-said").textContent = "";
    form.onsubmit = async (event) => {
      event.preventDefault();
      const given = new FormData(form);
      const earlier = exchanges().slice(0, button.dataset.place).map((one) => one.question);
      const body = { question: about.question, history: earlier, answer: about.answer, verdict: button.dataset.verdict,
        marker: button.dataset.marker ? Number(button.dataset.marker) : null, reason: given.get("reason"), comment: given.get("comment") };
      const reply = await fetch("/v1/feedback", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
      if (!reply?.ok) {
        dialog.querySelector(".lotse-feedback-said").textContent = lotse.words.feedback_failed;
        return;
      }
      dialog.close();
      lotse.flash(button, lotse.words.feedback_thanks);
    };
    const wasModal = document.getElementById("lotse-panel")?.open;
    dialog.showModal();
    dialog.addEventListener("close", () => wasModal && button.isConnected && button.focus(), { once: true });
  }

  const acts = {
    menu: () => menu(!document.body.classList.contains("lotse-menu-open")),
    new: () => { open(""); field().focus(); },
    open: (button) => open(button.dataset.id),
    rename: (button) => lotse.history.edit(button.dataset.id),
    delete(button) {
      if (button.dataset.sure) {
        const gone = lotse.history.current === button.dataset.id;
        lotse.history.remove(button.dataset.id);
        lotse.say(lotse.words.deleted);
        if (gone) open("");
      } else {
        button.dataset.sure = "yes";
        button.textContent = lotse.words.delete_sure;
      }
    },
    forget(button) {
      if (button.dataset.sure) {
        lotse.history.removeAll();
        lotse.say(lotse.words.deleted);
        delete button.dataset.sure;
        button.textContent = button.dataset.words;
        open("");
      } else {
        Object.assign(button.dataset, { sure: "yes", words: button.textContent });
        button.textContent = lotse.words.delete_sure;
      }
    },
    export: (button) => sheet(JSON.parse(lotse.history.get(button.dataset.id)), button.dataset.format, "gespraech").catch(() => lotse.flash(button, lotse.words.load_failed)),
    example: (button) => { send(button.dataset.question, 0); field().focus(); },
    retry: (button) => send(button.dataset.question, Number(button.dataset.place)),
    edit,
    copy: (button) => copyAnswer(button.dataset.place).then(() => lotse.flash(button, lotse.words.copied), () => lotse.flash(button, lotse.words.copy_failed)),
    evidence: (button) => sheet([exchanges()[button.dataset.place]], "html", "beleg").catch(() => lotse.flash(button, lotse.words.load_failed)),
    feedback,
    "feedback-close": () => document.getElementById("lotse-feedback").close(),
    close: () => lotse.closeSource(),
  };

  document.addEventListener("click", (event) => {
    const source = event.target.closest?.("a.lotse-marker, a.lotse-source, a.lotse-place");
    if (source && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      lotse.openSource(source);
      return;
    }
    const language = event.target.closest?.("a[data-language]");
    if (language && parts.head) {
      event.preventDefault();
      localStorage.setItem("lotse.language", language.dataset.language);
      history.replaceState(null, "", `?language=${language.dataset.language}`);
      parts.head.trigger("select", { language: language.dataset.language });
      return;
    }
    const button = event.target.closest?.("[data-act]");
    if (button && acts[button.dataset.act]) acts[button.dataset.act](button);
    else if (!event.target.closest?.("#lotse-side")) menu(false);
    if (!event.target.closest?.(".lotse-more")) for (const more of document.querySelectorAll(".lotse-more[open]")) more.open = false;
  });
  document.addEventListener("input", (event) => event.target.id === "lotse-search" && lotse.history.show());
  document.addEventListener("keydown", (event) => event.key === "Escape" && menu(false));
  window.addEventListener("storage", () => lotse.history.show());

  for (const [name, part] of window.lotseWaiting ?? []) lotse.connect(name, part); // gradio may have been faster

  /* A new question or answer is read from the question on, not from the end of the last source. */
  let shown = [0, 0];
  new MutationObserver(() => {
    const turns = document.querySelectorAll("#lotse-conversation .lotse-turn");
    const answers = document.querySelectorAll("#lotse-conversation :is(.lotse-answer, .lotse-error)");
    if (turns.length === shown[0] && answers.length === shown[1]) return;
    if (answers.length === shown[1] + 1) lotse.say((answers[answers.length - 1].querySelector(".lotse-text") ?? answers[answers.length - 1]).textContent);
    shown = [turns.length, answers.length];
    [...turns].at(-1)?.scrollIntoView({ block: "start" });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();

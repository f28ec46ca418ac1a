/* The source beside the conversation, and the quote of a marker under the mouse or the focus. */
(() => {
  let opener = null;
  const wide = window.matchMedia("(min-width: 1100px)");

  function panel() {
    let dialog = document.getElementById("lotse-panel");
    if (dialog) return dialog;
    dialog = Object.assign(document.createElement("dialog"), { id: "lotse-panel" });
    dialog.setAttribute("aria-labelledby", "lotse-source-title");
    const close = Object.assign(document.createElement("button"), { type: "button", className: "lotse-icon lotse-close" });
    close.dataset.act = "close";
    close.append(Object.assign(document.createElement("span"), { textContent: "✕", ariaHidden: "true" }));
    const body = Object.assign(document.createElement("div"), { className: "lotse-panel-body" });
    const head = Object.assign(document.createElement("div"), { className: "lotse-panel-head" });
    head.append(Object.assign(document.createElement("p"), { className: "lotse-heading" }), close);
    dialog.append(head, body);
    dialog.addEventListener("close", closed);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && wide.matches) dialog.close();
    });
    document.body.append(dialog);
    return dialog;
  }

  function closed() {
    document.body.classList.remove("lotse-with-panel");
    for (const chosen of document.querySelectorAll(".lotse-chosen")) chosen.classList.remove("lotse-chosen");
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  lotse.openSource = async (link) => {
    const dialog = panel();
    opener = link;
    lotse.hideTip();
    dialog.querySelector(".lotse-heading").textContent = lotse.words.source;
    dialog.querySelector(".lotse-close").setAttribute("aria-label", lotse.words.close);
    const body = dialog.querySelector(".lotse-panel-body");
    try {
      const reply = await fetch(`${link.getAttribute("href")}&part=panel`);
      body.innerHTML = await reply.text(); // made by a template of ours that escapes
      if (!reply.ok) throw new Error(String(reply.status));
    } catch {
      body.replaceChildren(Object.assign(document.createElement("p"), { textContent: lotse.words.load_failed }));
    }
    const place = link.closest(".lotse-answer")?.dataset.place;
    if (link.dataset.marker && place !== undefined) {
      const judge = Object.assign(document.createElement("button"), { type: "button", className: "lotse-button" });
      judge.textContent = lotse.words.quote_open;
      Object.assign(judge.dataset, { act: "feedback", verdict: "wrong", place, marker: link.dataset.marker });
      body.querySelector(".lotse-buttons")?.append(judge);
    }
    for (const chosen of document.querySelectorAll(".lotse-chosen")) chosen.classList.remove("lotse-chosen");
    link.classList.add("lotse-chosen");
    document.body.classList.add("lotse-with-panel");
    if (!dialog.open) wide.matches ? dialog.show() : dialog.showModal();
    body.scrollTop = 0;
    body.querySelector("#lotse-source-title")?.focus({ preventScroll: true });
    const mark = body.querySelector("mark");
    if (mark) body.scrollTop = Math.max(0, mark.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3);
  };
  lotse.closeSource = () => document.getElementById("lotse-panel")?.open && document.getElementById("lotse-panel").close();

  /* ---- the quote of a marker ---- */

  let tip = null;
  lotse.hideTip = () => tip?.remove();

  function showTip(marker) {
    const quote = document.getElementById(marker.getAttribute("aria-describedby"));
    if (!quote) return;
    lotse.hideTip();
    tip = Object.assign(document.createElement("div"), { className: "lotse-tip", ariaHidden: "true" });
    const words = quote.textContent;
    const source = quote.closest(".lotse-source");
    for (const [name, text] of [["lotse-tip-quote", words.length > 420 ? `${words.slice(0, 420)} …` : words],
      ["lotse-meta", `${source.querySelector(".lotse-title").textContent} · ${source.querySelector(".lotse-meta").textContent}`]]) {
      tip.append(Object.assign(document.createElement("p"), { className: name, textContent: text }));
    }
    document.body.append(tip);
    const at = marker.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 24), innerWidth - tip.offsetWidth - 8);
    const above = at.top - tip.offsetHeight - 8;
    Object.assign(tip.style, { left: `${left}px`, top: `${above > 8 ? above : at.bottom + 8}px` });
  }

  for (const [event, act] of [["mouseover", showTip], ["focusin", showTip], ["mouseout", () => lotse.hideTip()], ["focusout", () => lotse.hideTip()]]) {
    document.addEventListener(event, (happened) => {
      const marker = happened.target.closest?.(".lotse-marker");
      if (marker) act(marker);
    });
  }
  document.addEventListener("scroll", () => lotse.hideTip(), true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && lotse.hideTip());
})();

/* What every page needs: light or dark, sorted tables, copied addresses, words for screen readers. */
window.lotse = window.lotse || {};
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => localStorage.getItem("lotse.theme") || (dark.matches ? "dark" : "light");

  function paint() {
    const isDark = wanted() === "dark";
    for (const element of [document.documentElement, document.body]) {
      if (element && element.classList.contains("dark") !== isDark) element.classList.toggle("dark", isDark);
    }
  }
  paint();
  dark.addEventListener("change", paint);
  document.addEventListener("DOMContentLoaded", () => {
    paint();
    new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });

  /* The language that was chosen last holds until another one is. */
  const address = new URL(location.href);
  const language = address.searchParams.get("language");
  if (language) localStorage.setItem("lotse.language", language);
  else if (localStorage.getItem("lotse.language") && location.pathname === "/") {
    address.searchParams.set("language", localStorage.getItem("lotse.language"));
    history.replaceState(null, "", address);
  }

  lotse.say = (words) => {
    let said = document.getElementById("lotse-said");
    if (!said) {
      said = Object.assign(document.createElement("div"), { id: "lotse-said", className: "lotse-unseen" });
      said.setAttribute("role", "status");
      document.body.append(said);
    }
    said.textContent = "";
    requestAnimationFrame(() => (said.textContent = words));
  };

  lotse.copy = async (words) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    const area = Object.assign(document.createElement("textarea"), { value: words }); // a page without TLS has no clipboard
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? undefined : Promise.reject(new Error("copy"));
  };

  lotse.flash = (button, words) => {
    const before = button.dataset.words || button.textContent;
    Object.assign(button.dataset, { words: before });
    button.textContent = words;
    lotse.say(words);
    setTimeout(() => (button.textContent = before), 1800);
  };

  lotse.save = (blob, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  /* A head of a column sorts its rows by `data-value`, else by text; rows without a value stay below. */
  function sort(button) {
    const head = button.closest("th");
    const table = head.closest("table");
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th[aria-sort]")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const value = (row) => row.cells[head.cellIndex].dataset.value ?? row.cells[head.cellIndex].textContent.trim();
    const compare = (a, b) => {
      const [one, two] = [value(a), value(b)];
      if (!one || !two) return (one ? 0 : 1) - (two ? 0 : 1);
      const order = head.dataset.kind === "number" ? one - two : one.localeCompare(two, document.documentElement.lang);
      return ascending ? order : -order;
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
  }

  document.addEventListener("input", (event) => {
    const table = document.getElementById(event.target.dataset?.filter);
    const wanted = event.target.value?.trim().toLowerCase();
    for (const row of table?.tBodies[0].rows ?? []) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]");
    if (!button) return;
    if (button.dataset.act === "theme") {
      localStorage.setItem("lotse.theme", wanted() === "dark" ? "light" : "dark");
      paint();
    } else if (button.dataset.act === "sort") {
      sort(button);
    } else if (button.dataset.act === "copy-link") {
      const link = new URL(button.dataset.link, location.origin).href;
      lotse.copy(link).then(() => lotse.flash(button, "✓"), () => window.open(link, "_blank", "noopener"));
    }
  });
})();

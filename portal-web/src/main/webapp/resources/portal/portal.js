// Everything here is delegated from the document, so it goes on working for what a background request brings.
(function () {
  const root = document.documentElement;

  function showTheme() {
    const now = root.dataset.theme || "auto";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
    }
  }

  function chooseTheme(choice) {
    if (choice === "auto") {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = choice;
    }
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // It then holds for this page only.
    }
    showTheme();
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = "Copied";
    } catch {
      // Without access to the clipboard the text is at least chosen, ready for the keyboard.
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = before), 2000);
  }

  // The text is on the page already, so nothing is asked of the server that it would have to remember.
  function download(button) {
    const text = document.getElementById(button.dataset.download).textContent.trim() + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = button.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function toggleMenu(button) {
    const open = document.getElementById("sidebar").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.dataset.themeChoice) {
      chooseTheme(button.dataset.themeChoice);
    } else if (button.dataset.copy) {
      copy(button);
    } else if (button.dataset.download) {
      download(button);
    } else if (button.id === "menu") {
      toggleMenu(button);
    } else if ("print" in button.dataset) {
      print();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    const question = document.querySelector("details.confirm[open], details.menu[open]");
    if (question) {
      question.open = false;
      question.querySelector("summary").focus();
      return;
    }
    const menu = document.getElementById("menu");
    if (menu && menu.getAttribute("aria-expanded") === "true") {
      toggleMenu(menu);
      menu.focus();
    }
  });

  // The part that was replaced took the focus with it: hand it to the first wrong field, else to the message.
  if (window.jQuery) {
    jQuery(document).on("pfAjaxComplete", () => {
      const wrong = document.querySelector("main [aria-invalid='true']");
      wrong?.closest("details")?.setAttribute("open", "");
      (wrong || document.querySelector("[data-focus-first]") || document.querySelector("[data-focus-after]"))?.focus();
    });
  }

  // A form that got a line more or less: one goes on at that line, or where the last one was.
  const edited = document.querySelector("[data-place^='/']");
  if (edited) {
    const line = edited.dataset.place;
    const list = line.slice(0, line.lastIndexOf("/"));
    (
      edited.querySelector(`[name^="${line}/"]:not([type="hidden"])`) ||
      edited.querySelector(`button[value="add ${list}"]`)
    )?.focus();
  }
  document.querySelector("main [aria-invalid='true']")?.focus();
  showTheme();
})();

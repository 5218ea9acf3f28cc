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

  // A file that would be refused is told of before it is sent; and one is sent once.
  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[type='file'][data-most-bytes]");
    if (!input) {
      return;
    }
    const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    document.getElementById(`${input.id}-error`).textContent = input.validationMessage;
    input.setAttribute("aria-invalid", String(tooLarge));
  });

  document.addEventListener("submit", (event) => {
    if (event.target.enctype === "multipart/form-data") {
      const button = event.target.querySelector("button[type='submit']");
      button.textContent = "Being sent…";
      button.disabled = true;
    }
  });

  // How far a piece of work is. Once it is at its end the page is looked at again, from its heading on.
  async function look() {
    const bar = document.querySelector("progress[data-progress^='/']");
    if (bar && !document.hidden) {
      try {
        const reply = await fetch(bar.dataset.progress, { redirect: "error" });
        const now = await reply.json();
        bar.value = now.value;
        for (const [name, text] of Object.entries(now.shown)) {
          document.querySelector(`[data-show="${name}"]`).textContent = text;
        }
        const said = document.getElementById("upload-said");
        if (said.textContent !== now.said) {
          said.textContent = now.said;
        }
        if (!now.going && bar.isConnected) {
          bar.dataset.progress = "";
          // Another address each time, or the browser would only move on this one.
          location.replace(`${bar.dataset.page}&at=${Date.now()}#upload-title`);
        }
      } catch {
        // Signed out, or the server is starting again: the next look tells.
      }
    }
    setTimeout(look, 1000);
  }
  look();

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

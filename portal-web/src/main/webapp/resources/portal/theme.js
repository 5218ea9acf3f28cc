// Runs before anything is painted, so that a chosen theme does not flash.
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") {
      root.dataset.theme = chosen;
    }
  } catch {
    // A browser that refuses storage follows the device.
  }
})();

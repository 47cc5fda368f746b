"use strict";
// The address says what is shown: #view/argument/argument. So back, forward, reload and a link to a number work.

(function () {
  function complain(view, error) {
    const place = view.querySelector(".grid, .tiles") || view;
    place.replaceChildren(sdbench.element("p", { class: "bad", role: "alert" }, error.message));
  }

  async function route() {
    const [name, ...given] = location.hash.slice(1).split("/").map(decodeURIComponent);
    const chosen = sdbench.views[name] ? name : "leaderboard";
    document.getElementById("detail").close();
    for (const other of Object.keys(sdbench.views)) document.getElementById(`${other}-view`).hidden = other !== chosen;
    for (const link of document.querySelectorAll("nav a")) {
      if (link.getAttribute("href") === `#${chosen}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const view = document.getElementById(`${chosen}-view`);
    try {
      await sdbench.views[chosen](view, ...given);
    } catch (error) {
      complain(view, error);
      throw error;
    }
  }

  document.getElementById("question").textContent = sdbench.study.question;
  window.addEventListener("hashchange", route);
  // Once the first view is on the screen: what a test measures.
  route().then(() => requestAnimationFrame(() => setTimeout(() => performance.mark("first view"))));
})();

"use strict";
// One question after the other. What came from elsewhere gets onto the page as text, never as markup.

(function () {
  const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "tie", ArrowUp: "skip" };
  const PAUSE_MS = 350; // after a question appears: the second half of a double click answers nothing
  const ballot = document.getElementById("ballot");
  let asked = null;
  let busy = true;

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  function complain(text) {
    const place = document.getElementById("trouble");
    place.textContent = text;
    place.hidden = !text;
  }

  function setBusy(on) {
    busy = on;
    ballot.setAttribute("aria-busy", String(on));
  }

  async function ask(path, options) {
    let reply;
    try {
      reply = await fetch(path, options);
    } catch (error) {
      throw new Error("The server has ended. Every answer so far is on disk: start it again, and open its new link.");
    }
    const said = await reply.json();
    if (!reply.ok) throw new Error(reply.status === 403 ? "The server was started anew: open the link that it printed." : `Not counted: ${said.error}.`);
    return said;
  }

  async function show(state) {
    asked = state.question;
    document.getElementById("count").textContent = `${state.answered} of ${state.of}`;
    document.getElementById("bar").value = state.answered / state.of;
    document.getElementById("text").textContent = asked ? state.text : "That was all. Thank you!";
    ballot.hidden = !asked;
    if (!asked) return;
    document.getElementById("about").hidden = !state.reference;
    const pictures = ["left", "right", "reference"].filter((side) => state[side]).map((side) => {
      const picture = document.getElementById(side);
      picture.src = `image/${state[side]}`;
      return picture.decode();
    });
    const loaded = await Promise.allSettled(pictures);
    for (const chosen of document.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
    if (loaded.some((one) => one.status === "rejected")) complain("A picture cannot be shown. Reload the page, or skip this pair.");
    await wait(PAUSE_MS);
    setBusy(false);
  }

  async function answer(said) {
    if (busy || !asked) return;
    setBusy(true);
    for (const pick of document.querySelectorAll(`.pick[data-answer="${said}"]`)) pick.classList.add("chosen");
    try {
      const body = JSON.stringify({ question: asked, answer: said });
      const next = await ask("answer", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      complain(next.counted ? "" : "This pair had been answered elsewhere already; the first answer counts.");
      await show(next);
    } catch (error) {
      complain(error.message);
      setBusy(false);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (button && event.detail < 2) answer(button.dataset.answer);
  });
  document.addEventListener("keydown", (event) => {
    const said = KEYS[event.key];
    if (!said || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (!event.repeat) answer(said);
  });
  ask("question").then(show).catch((error) => complain(error.message));
})();

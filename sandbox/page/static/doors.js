// Asks the sandbox: acts of people go to its side door, one after the other; what is shown is polled.

const QUICK = 120;
const CALM = 700;
const AWAY = 3000;

async function ask(path, given) {
  const how = given === undefined ? {} : { method: "POST", body: JSON.stringify(given) };
  const answer = await fetch(`/_sandbox/${path}`, how);
  if (answer.status === 204) return null;
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
}

const DOES_NOT_ANSWER = "The sandbox does not answer. Is `make run` still running?";
const SAID = {
  timeout: "The bot did not answer within three seconds. It may be busy, or starting again.",
  no_connection: "The bot is not connected. It may be starting: try again in a moment.",
};

/** What a person reads when an act did not go well. */
export function sentence(problem) {
  if (problem instanceof TypeError) return DOES_NOT_ANSWER;
  return problem.message.replace(/^\w+Error: /, "").replace(/^['"](.*)['"]$/, "$1");
}

export function look(what, query = {}) {
  return ask(`page/${what}?${new URLSearchParams(query)}`);
}

export function letHappen(what) {
  return ask("page/phone", what);
}

export function changePipelines(what) {
  return ask("page/pipelines", what);
}

let queue = Promise.resolve();
const after = { begins: () => {}, fails: () => {} };

/** Says whom to tell when an act begins, and when one fails. */
export function tellOfActs(begins, fails) {
  Object.assign(after, { begins, fails });
}

/** Does what a person does, after all that was done before; answers with what came of it, or null. */
export function act(what, given) {
  const done = queue.then(async () => {
    after.begins();
    try {
      const acted = await ask(what, given);
      if (acted?.trouble) after.fails(SAID[acted.trouble] ?? `The bot answered wrongly: ${acted.trouble}.`);
      return acted;
    } catch (problem) {
      after.fails(sentence(problem));
      return null;
    } finally {
      after.begins();
    }
  });
  queue = done;
  return done;
}

/** Searches in a menu; not in the queue, since a newer search makes an older one void. */
export function search(given) {
  return ask("options", given);
}

/** Calls `refresh` again and again: at once when woken, quickly for a while after, else calmly. */
export function poll(refresh) {
  let wake = () => {};
  let quickUntil = 0;
  (async () => {
    for (;;) {
      try {
        await refresh();
      } catch (problem) {
        reportError(problem); // a fault of the page itself must not end its looking
      }
      const pause = document.hidden ? AWAY : performance.now() < quickUntil ? QUICK : CALM;
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  const soon = () => {
    quickUntil = performance.now() + 4000;
    wake();
  };
  document.addEventListener("visibilitychange", soon);
  return soon;
}

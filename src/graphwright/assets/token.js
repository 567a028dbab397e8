// The token that lets one write: asked for once, and kept as long as the tab is open.

const NAME = "graphwright-token";

export const token = () => sessionStorage.getItem(NAME) ?? "";

export function keep(value) {
  if (value) sessionStorage.setItem(NAME, value);
  else sessionStorage.removeItem(NAME);
}

/** Ask the server with the token. Returns {ok, status, told}: what it answered, or what went wrong in words. */
export async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, {
      ...options,
      headers: { Accept: "application/json", Authorization: `Bearer ${token()}`, ...options.headers },
    });
    if (answer.status === 401) keep("");
    const json = (answer.headers.get("Content-Type") ?? "").includes("json");
    const told = json ? await answer.json() : await answer.blob();
    return { ok: answer.ok, status: answer.status, told, words: answer.ok ? "" : `${told.error ?? "It failed"}: ${told.mend ?? ""}` };
  } catch (error) {
    return { ok: false, status: 0, told: null, words: `The server does not answer (${error.message})` };
  }
}

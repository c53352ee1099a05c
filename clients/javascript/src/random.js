let found;

/** The platform's cryptography; Node 18 has it in a module only. */
export async function webCrypto() {
  found ??= globalThis.crypto?.subtle ? globalThis.crypto : (await import("node:crypto")).webcrypto;
  return found;
}

/** 128 random bits in hexadecimal. */
export async function randomKey() {
  const bytes = (await webCrypto()).getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

import { Client } from "../src/index.js";

/** The running system that the tests are told of. */
export const baseUrl = required("PAYLINKS_BASE_URL");
export const apiKey = required("PAYLINKS_API_KEY");

export const client = new Client({ apiKey, baseUrl });
/** Somebody without a key. */
export const payer = new Client({ baseUrl });

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: say where a system runs, and as whom to ask it`);
  return value;
}

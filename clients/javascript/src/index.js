import {
  apiKeys, events, organization, paymentLinks, sandbox, transactions, wallets, webhooks,
} from "./resources.js";
import { Transport } from "./transport.js";

export {
  AuthenticationError, ConflictError, ConnectionError, InsufficientFundsError, NotFoundError, PaylinksError,
  PermissionError, RateLimitError, ServerError, TimeoutError, UnprocessableError, ValidationError,
  WebhookVerificationError,
} from "./errors.js";
export { verifyWebhook } from "./webhooks.js";

/** A client of one system, as one caller. */
export class Client {
  /**
   * @param {object} options `apiKey` (none for a payer) and `baseUrl`; see index.d.ts for the rest.
   */
  constructor(options = {}) {
    const transport = new Transport(options);
    this.paymentLinks = paymentLinks(transport);
    this.wallets = wallets(transport);
    this.transactions = transactions(transport);
    this.sandbox = sandbox(transport);
    this.organization = organization(transport);
    this.apiKeys = apiKeys(transport);
    this.webhooks = webhooks(transport);
    this.events = events(transport);
  }
}

export default Client;

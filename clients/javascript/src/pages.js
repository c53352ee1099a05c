/** One page of a list; it can also be walked through from here to the list's end. */
export class Page {
  constructor(body, read) {
    this.data = body.data;
    this.cursor = body.cursor ?? null;
    this.hasMore = body.hasMore;
    Object.defineProperty(this, "read", { value: read });
  }

  /** The next page; null after the last. */
  async nextPage() {
    return this.hasMore && this.cursor ? this.read(this.cursor) : null;
  }

  async *[Symbol.asyncIterator]() {
    for (let page = this; page; page = await page.nextPage()) yield* page.data;
  }
}

/** A list that is asked for: `await` gives its first page, `for await` all of its items. Nothing is sent before. */
export class List {
  constructor(read, cursor) {
    this.read = async (cursor) => new Page(await read(cursor), this.read);
    this.first = () => (this.page ??= this.read(cursor));
  }

  then(resolve, reject) {
    return this.first().then(resolve, reject);
  }

  catch(reject) {
    return this.first().catch(reject);
  }

  finally(always) {
    return this.first().finally(always);
  }

  async *[Symbol.asyncIterator]() {
    yield* await this.first();
  }
}

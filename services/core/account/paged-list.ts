// An immutable list by small, dense numbers: a change copies one page and the list of pages.

const PAGE = 64;

export class PagedList<T> {
  private constructor(private readonly pages: readonly (readonly (T | undefined)[])[]) {}

  static empty<T>(): PagedList<T> {
    return new PagedList<T>([]);
  }

  get(i: number): T | undefined {
    return this.pages[Math.floor(i / PAGE)]?.[i % PAGE];
  }

  with(i: number, value: T | undefined): PagedList<T> {
    const pages = this.pages.slice();
    const p = Math.floor(i / PAGE);
    for (let q = pages.length; q <= p; q += 1) pages.push([]);
    const page = pages[p]!.slice();
    page[i % PAGE] = value;
    pages[p] = page;
    return new PagedList(pages);
  }
}

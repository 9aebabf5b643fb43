// How a contract suite gets its stores.

export interface Opened<Store> {
  readonly store: Store;
  /** A second handle on the same data, as another process would have. */
  readonly another: Store;
  cleanup(): Promise<void>;
}

/** Opens fresh, empty data. */
export type Make<Store> = () => Promise<Opened<Store>>;

/** Those who want to be told of something. */
export class Listeners<News> {
  readonly #listeners = new Set<(news: News) => void>();

  /** Tells `listener` from now on. Returns how to stop it. */
  add(listener: (news: News) => void): () => void {
    // A wrapper of its own, so that the same function may listen twice.
    const entry = (news: News): void => listener(news);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Tells everyone. Whoever throws is heard as an uncaught error, and disturbs nobody else. */
  tell(news: News): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Lets everyone go. */
  clear(): void {
    this.#listeners.clear();
  }
}

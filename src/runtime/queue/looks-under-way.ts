import { Failure } from '../../core/failure.ts';

/**
 * The looks under way, each with a signal for what of it has not been sent yet. A write may wait minutes for its turn at
 * a quota; when the wish behind it is replaced meanwhile, or nobody is to work any more, it had better not be sent.
 */
export class LooksUnderWay {
  readonly #controllers = new Map<string, AbortController>();

  /** One look at a time for a key. */
  async run<T>(key: string, look: (superseded: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#controllers.set(key, controller);
    try {
      return await look(controller.signal);
    } finally {
      this.#controllers.delete(key);
    }
  }

  /** Does nothing where the key is not being looked at. */
  supersede(key: string): void {
    this.#controllers.get(key)?.abort(new Failure('Conflict', 'the wish was replaced before its write was sent'));
  }

  supersedeAll(): void {
    for (const key of this.#controllers.keys()) this.supersede(key);
  }
}

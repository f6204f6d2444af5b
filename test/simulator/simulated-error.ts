/** What an operation throws to refuse: an exception of ECS by the name that the SDK models. */
export class SimulatedError extends Error {
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

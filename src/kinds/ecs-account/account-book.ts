import { isEqual } from '../../lib/stable-json.ts';
import { type Account, type OperatorIdentity, type Resolution, resolveAccount } from './resolution.ts';
import { EcsAccountSpec } from './schema.ts';

/** An object, as far as it matters for whom it is acted for. */
export interface Standing {
  readonly namespace: string;
  readonly accountRef: string | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** A stored object of either kind, as far as it is looked at. */
interface Stored {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec?: unknown;
}

export interface AccountBookOptions {
  readonly operatorIdentity: OperatorIdentity;
  /** Told whom a change may concern, after the book holds it. */
  readonly onChange: (isConcerned: (standing: Standing) => boolean) => void;
}

/** The accounts and the labels of the namespaces, as they are known now, and what follows from them for an object. */
export class AccountBook {
  readonly #options: AccountBookOptions;
  readonly #labels = new Map<string, Labels>();
  #accounts: ReadonlyMap<string, Account> = new Map();

  constructor(options: AccountBookOptions) {
    this.#options = options;
  }

  /** Of all accounts there are. */
  get names(): readonly string[] {
    return [...this.#accounts.keys()];
  }

  resolve(standing: Standing): Resolution {
    return this.#resolveAmong(this.#accounts, standing);
  }

  noteNamespace({ metadata: { name, labels = {} } }: Stored, isGone: boolean): void {
    const known = this.#labels.get(name);
    if (isGone) this.#labels.delete(name);
    else this.#labels.set(name, labels);
    if (isGone || isEqual(known, labels)) return;
    this.#options.onChange(({ namespace }) => namespace === name);
  }

  /** An account that does not fit the schema selects nothing; that it is there still counts. */
  noteAccount({ metadata: { name }, spec }: Stored, isGone: boolean): void {
    const before = this.#accounts;
    const after = new Map(before);
    if (isGone) after.delete(name);
    else after.set(name, { name, spec: specOf(spec) });
    if (isEqual(before.get(name), after.get(name))) return;
    this.#accounts = after;
    this.#options.onChange(
      (standing) => !isEqual(this.#resolveAmong(before, standing), this.#resolveAmong(after, standing)),
    );
  }

  #resolveAmong(accounts: ReadonlyMap<string, Account>, { namespace, accountRef }: Standing): Resolution {
    const { operatorIdentity } = this.#options;
    const labels = this.#labels.get(namespace);
    return resolveAccount({ accounts: [...accounts.values()], operatorIdentity }, { namespace, labels, accountRef });
  }
}

/** Selects nothing. */
const UNREADABLE: EcsAccountSpec = {
  roleArn: '',
  namespaceSelector: { matchExpressions: [{ key: '', operator: 'Exists' }] },
};

function specOf(stored: unknown): EcsAccountSpec {
  const parsed = EcsAccountSpec.safeParse(stored);
  return parsed.success ? parsed.data : UNREADABLE;
}

import { FAILURES } from './failure.ts';

/**
 * A reason is one PascalCase word that stands alike in condition, Event, metric and docs. Those that every kind
 * shares are here; a kind brings its own in its definition. The runtime refuses a word that is in neither.
 */
export type Reason = string;

export interface ReasonEntry {
  /** For the docs: what it means, and what to do. */
  readonly meaning: string;
}

export const GENERAL_REASONS = {
  ...FAILURES,
  InSync: { meaning: 'AWS matches this generation of the object and has finished acting on it.' },
  Applying: { meaning: 'AWS differs from the object; the operator has just written what differs.' },
  Deleting: { meaning: 'The object is being deleted and its resource is going away.' },
  Suspended: {
    meaning: '`spec.suspend` is true: nothing is looked at or changed, deletion included, until it is unset.',
  },
  InvalidSpec: { meaning: 'The stored object does not fit the schema. The message names the field and what it takes.' },
  InvalidAnnotation: {
    meaning: 'An annotation has a value that cannot be read. It is ignored; the message says what it takes.',
  },
  LocationChanged: {
    meaning:
      'The object now resolves to another account, region or cluster than its resource lives in. Nothing is written.',
  },
  NoAccount: {
    meaning:
      'No account is there for the object: none selects its namespace, or the one that it refers to does not. Nothing is read or written.',
  },
  AmbiguousAccount: {
    meaning:
      'Several accounts select the namespace of the object, and it does not say which is meant. Nothing is read or written.',
  },
  NotAllowed: {
    meaning:
      'The account does not allow its namespaces what the object names, or what the task definition has that it names: a role to pass, a cluster or a region. The message names the field. Nothing is written.',
  },
  Drifted: { meaning: 'The object is only observed (`managementPolicy: Observe`) and AWS differs from it.' },
  NotFound: { meaning: 'The object is only observed (`managementPolicy: Observe`) and AWS has no such resource.' },
  DriftCorrected: { meaning: 'Something else changed the resource in AWS, and the operator changed it back.' },
  Applied: { meaning: 'The operator has made a change in AWS. The message names the call and the fields.' },
  Released: { meaning: 'Nothing of the object is left in AWS (or it was retained), and Kubernetes may forget it.' },
} as const satisfies Record<string, ReasonEntry>;

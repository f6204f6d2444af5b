/** Points at which something is known to be wrong. They count as violations on the page, and none of them may come true unnoticed. */
interface OpenViolation {
  readonly scenario: string;
  readonly column: string;
  /** The beginning of the names of its points. */
  readonly points: readonly string[];
  readonly because: string;
}

const ASKED_AGAIN =
  'an UpdateService is repeated while ECS rolls the first one back; the mended image then never comes to COMPLETED, and whether ECS would do the same, or only the simulator, is not known';

const OPEN_VIOLATIONS: readonly OpenViolation[] = [
  {
    scenario: 'a rollout is rolled back, then mended',
    column: 'crash, late reads',
    points: ['crash, after write 11 '],
    because: ASKED_AGAIN,
  },
  {
    scenario: 'a rollout is rolled back, then mended',
    column: 'stale ECS',
    points: ['reads of ECS that are behind, before write 4 ', 'reads of ECS that are behind, before write 9 '],
    because: ASKED_AGAIN,
  },
];

/** Why that point is known to be wrong; undefined where it is to hold. */
export function openViolationAt(scenario: string, column: string, point: string): string | undefined {
  const found = OPEN_VIOLATIONS.find(
    (each) =>
      each.scenario === scenario && each.column === column && each.points.some((name) => point.startsWith(name)),
  );
  return found?.because;
}

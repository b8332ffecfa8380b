import { createHash } from 'node:crypto';
import { type Course, courseOf } from '../../town/course.ts';
import { type Gauge, type Tank, gaugeKey } from '../../town/tank.ts';
import { nameOf } from '../../words/nameOf.ts';
import { plain } from '../../words/plain.ts';
import { maxName, maxText } from '../messages/fields.ts';
import { type DrawnGauge, type TanksDrawn, gaugeLimit } from '../messages/tanks.ts';
import { fuelIn } from '../trees/fuelView.ts';
import { type GaugeFace, gaugeFace } from '../trees/gauge.ts';
import { type View, described } from '../trees/view.ts';

interface Drawn {
  readonly tank: Tank;
  readonly key: string;
  readonly face: GaugeFace;
  readonly course: Course;
}

/** What all accounts have left over time, one gauge a chart: an account's lowest first. */
export function tanksMessage(view: View): TanksDrawn {
  const drawn = Object.values(fuelIn(view).tanks)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((tank) =>
      Object.values(tank.gauges)
        .flatMap((told) => drawnOf(view, tank, told))
        .toSorted((a, b) => a.face.gauge.left - b.face.gauge.left || (a.key < b.key ? -1 : 1)),
    );
  const [lowest = null] = drawn.toSorted((a, b) => a.face.gauge.left - b.face.gauge.left);
  return {
    type: 'tanks',
    gauges: drawn.slice(0, gaugeLimit).map(gaugeMessage),
    hidden: Math.max(0, drawn.length - gaugeLimit),
    lowest:
      lowest === null
        ? ''
        : plain(described(nameOf(lowest.tank.id), lowest.face.label, lowest.face.inWords), maxText),
  };
}

/** None: nothing of it is to be drawn. */
function drawnOf(view: View, tank: Tank, told: Gauge): readonly Drawn[] {
  const face = gaugeFace(view, tank.provider, told);
  const course = courseOf(told, face.forecast, view.now);
  return course === null ? [] : [{ tank, key: gaugeKey(told.gauge, told.model), face, course }];
}

function gaugeMessage({ tank, key, face, course }: Drawn): DrawnGauge {
  const { dryAt } = face.forecast ?? { dryAt: null };
  return {
    id: createHash('sha256').update(`${tank.id} ${key}`).digest('hex').slice(0, 16),
    tank: plain(nameOf(tank.id), maxName),
    limit: plain(face.label, maxName),
    level: face.level,
    summary: plain(face.inWords, maxText),
    past: [...course.past],
    ahead: [...course.ahead],
    resetsAt: face.gauge.resetsAt === null ? null : Math.round(face.gauge.resetsAt),
    dryAt,
    facts: face.facts().map(({ name, value }) => ({ name, value: plain(value, maxText) })),
  };
}

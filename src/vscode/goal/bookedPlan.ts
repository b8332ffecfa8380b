import { AssayerError } from '../../assayer/assayerError.ts';
import { type PlanWish, type Planned, planGoal } from '../../assayer/planner.ts';
import { type Spent, drewBy } from '../../foreman/hands/assaying.ts';
import { systemIds } from '../../foreman/systemIds.ts';
import type { ModelAccess } from '../../ports/models.ts';
import type { TankNews } from '../../town/fuel.ts';

/** For whom a goal is planned, by which model, and where what it draws is told. */
export interface Booking {
  readonly rig: string;
  readonly access: Pick<ModelAccess, 'provider' | 'model'>;
  readonly tell: (news: readonly TankNews[]) => Promise<void>;
}

/** Plans a goal; what that drew is told also when it came to nothing. Throws `AssayerError`. */
export async function bookedPlan(wish: PlanWish, { rig, access, tell }: Booking): Promise<Planned> {
  const book = (spent: Spent): Promise<void> => tell([drewBy({ rig, ids: systemIds }, null, access, spent)]);
  try {
    const planned = await planGoal(wish);
    await book(planned);
    return planned;
  } catch (error) {
    if (AssayerError.is(error)) await book(error);
    throw error;
  }
}

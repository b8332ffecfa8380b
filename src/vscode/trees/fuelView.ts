import { type Fuel, noFuel } from '../../town/fuel.ts';
import { type Routing, defaultRouting } from '../../town/routing.ts';
import { type View, rigViews } from './view.ts';

/** What all rigs of a person share: any of them that knows says it. */
export function fuelIn(view: View): Fuel {
  for (const { rig } of rigViews(view)) {
    const { fuel } = rig.control.facts;
    if (fuel !== undefined) return fuel;
  }
  return noFuel;
}

export function routingIn(view: View): Routing {
  return rigViews(view)[0]?.rig.control.facts.routing ?? defaultRouting;
}

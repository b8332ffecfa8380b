import manifest from '../../package.json' with { type: 'json' };

/** Of Rigs, as its manifest says. */
export const { version } = manifest;

/** Whether this machine can show a window; on Linux a desktop session says so in its environment. */
export const hasDisplay =
  process.platform !== 'linux' ||
  process.env['DISPLAY'] !== undefined ||
  process.env['WAYLAND_DISPLAY'] !== undefined;

/** File → why it may take something off the disk. */
export const removers: Readonly<Record<string, string>>;

/** The names in a zip file, from its central directory (PKWARE APPNOTE 4.3.12 and 4.3.16). */
const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

export function zipEntries(zip: Buffer): readonly string[] {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error('This is not a zip file.');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== directoryEntry)
      throw new Error('The directory of this zip file is damaged.');
    const [name, extra, comment] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

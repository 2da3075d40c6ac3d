/** The specification of Git LFS limits pointers to less than 1,024 bytes. */
export const MAX_POINTER_BYTES = 1024;

const VERSION = Buffer.from('version https://git-lfs.github.com/spec/v1\n');

/** Whether content is a pointer of Git LFS, which stands in the place of a file. */
export const isLfsPointer = (content: Buffer): boolean =>
  content.length <= MAX_POINTER_BYTES && content.subarray(0, VERSION.length).equals(VERSION);

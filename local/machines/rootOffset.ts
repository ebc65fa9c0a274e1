/**
 * For the shell: `root_offset FILE` says at which byte of an image its root filesystem begins. That is partition 1, or
 * the image itself where it has no partition table.
 */
export const ROOT_OFFSET = `
root_offset() {
  first=$(partx --show --noheadings --output START --nr 1 "$1" 2>/dev/null || true)
  echo $((\${first:-0} * 512))
}
`;

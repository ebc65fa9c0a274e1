/** Images that migrations have published, as EC2 shows them to the look-ups, for tests of what a later run makes of them. */
import { digest } from "../../../components/key";
import { DEBIAN_IMAGE, ec2Error, IDS, SOURCE_IMAGE } from "../ec2";
import { FILESYSTEM_UUID } from "../report/reports";
import type { World } from "../mockEngine";

type Values = Record<string, unknown>;
type Tags = Record<string, string>;

export const PUBLISHED_ID = "ami-0ffffffffffffffff";

/** The image that `web` has published with these inputs of the key, tagged otherwise where a test says so. */
export function publishedImage(inputs: Tags = { "source.imageId": IDS.image }, changes: Tags = {}) {
  const named = Object.entries(inputs).map(([name, value]) => [`pv-to-hvm:input:${name}`, value]);
  return {
    ...DEBIAN_IMAGE,
    id: PUBLISHED_ID,
    imageId: PUBLISHED_ID,
    name: "web-12345678",
    rootDeviceName: "/dev/sda1",
    rootSnapshotId: "snap-0eeeeeeeeeeeeeeee",
    sriovNetSupport: "simple",
    tags: {
      "pv-to-hvm:migration": "web",
      "pv-to-hvm:stack": "project/stack",
      "pv-to-hvm:conversion": digest(Object.entries(inputs).map(([name, value]) => `${name}=${value}`)),
      "pv-to-hvm:source": IDS.snapshot,
      "pv-to-hvm:filesystem": FILESYSTEM_UUID,
      ...Object.fromEntries(named),
      ...changes,
    } as Tags,
  };
}

/** An account with these images beside the source's and Debian's. `gone`: ids that EC2 does not find any more. */
export function worldWith(images: ReturnType<typeof publishedImage>[], gone: string[] = []): World {
  const passing = ({ filters }: Values) =>
    images.filter(({ tags }) =>
      (filters as { name: string; values: string[] }[])
        .filter(({ name }) => name.startsWith("tag:"))
        .every(({ name, values }) => values.includes(tags[name.slice("tag:".length)])),
    );
  const getAmi = (args: Values) => {
    const asked = JSON.stringify(args.filters);
    if (gone.some((id) => asked.includes(id))) throw ec2Error("Your query returned no results.");
    if (!asked.includes("tag:")) return asked.includes(IDS.image) ? SOURCE_IMAGE : DEBIAN_IMAGE;
    const [found] = passing(args);
    if (!found) throw ec2Error("Your query returned no results.");
    return found;
  };
  return {
    calls: {
      "aws:ec2/getAmi:getAmi": getAmi,
      "aws:ec2/getAmiIds:getAmiIds": (args) => ({ ids: passing(args).map(({ imageId }) => imageId) }),
    },
  };
}

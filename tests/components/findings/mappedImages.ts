/** Source images that differ from the one in order, in their disks above all. */
import { IDS } from "../ec2";
import { ANSWERS, type World } from "../mockEngine";

const GET_AMI = "aws:ec2/getAmi:getAmi";

/** A world whose source image differs in this. */
export function source(change: object): World {
  const getAmi = (args: Record<string, unknown>) => {
    const image = ANSWERS[GET_AMI](args);
    return image.imageId === IDS.image ? { ...image, ...change } : image;
  };
  return { calls: { [GET_AMI]: getAmi } };
}

/** As pulumi-aws shows a disk that an image maps. */
export const mapped = (deviceName: string, ebs: object = {}, virtualName = "") => ({
  ...{ deviceName, ebs, noDevice: "", virtualName },
});
export const ROOT_DISK = mapped("/dev/sda1", { snapshot_id: IDS.snapshot, volume_size: "8" });
export const DATA_DISKS = [
  mapped("/dev/sdb", { snapshot_id: "snap-0dddddddddddddddd", volume_size: "100" }),
  mapped("/dev/sdc", { snapshot_id: "", volume_size: "50" }),
];
export const INSTANCE_STORE = mapped("/dev/sdd", {}, "ephemeral0");

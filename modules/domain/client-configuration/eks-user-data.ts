import { ClientCache, GeneratedFile } from "./client-cache";
import { containerdHosts } from "./containerd";
import { kubeletCredentials } from "./kubelet-credentials";
import { NodeOptions } from "./node-caches";

const CONFIG_PATH = "/etc/containerd/certs.d";
/** Not nodeadm's own file, which nodeadm writes again at each boot. */
const CREDENTIALS_FOLDER = "/etc/eks/pull-through-cache";
const BOUNDARY = "PULL-THROUGH-CACHE";

/**
 * User data for EKS nodes with Amazon Linux 2023. A script writes the files of `containerdHosts` and
 * `kubeletCredentials` at the first boot. The `NodeConfig` points the kubelet to the latter by a flag, which nodeadm
 * reads from the user data again at each boot. nodeadm starts the kubelet after the script.
 *
 * The script writes the credentials last, and only if containerd reads its `hosts.toml` files. If it does not, the
 * kubelet does not start, and the node's token is shown to nobody.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/environment.go
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/templates/al2023/runtime/rootfs/etc/systemd/system/nodeadm-run.service
 */
export function eksUserData(caches: readonly ClientCache[], options: NodeOptions = {}): GeneratedFile {
  return { path: "user-data.txt", content: userData(caches, options) };
}

/**
 * A merge patch with the same user data for an `EC2NodeClass` of Karpenter, which adds its own `NodeConfig` to it.
 * What else an `EC2NodeClass` needs is not known here.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#specuserdata
 */
export function karpenterPatch(caches: readonly ClientCache[], options: NodeOptions = {}): GeneratedFile {
  const text = userData(caches, options).replace(/^(?=.)/gm, "    ");
  return { path: "ec2nodeclass-patch.yaml", content: `spec:\n  userData: |\n${text}` };
}

function userData(caches: readonly ClientCache[], options: NodeOptions): string {
  const credentials = kubeletCredentials(caches, options);
  return `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="${BOUNDARY}"

--${BOUNDARY}
Content-Type: application/node.eks.aws

---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    flags:
      - --image-credential-provider-config=${CREDENTIALS_FOLDER}/${credentials.path}

--${BOUNDARY}
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
set -euo pipefail

${writeFiles(CONFIG_PATH, containerdHosts(caches, options))}
if ! containerd config dump | grep -E "config_path = .*${CONFIG_PATH}" >/dev/null; then
  echo "containerd does not read ${CONFIG_PATH}: the kubelet gets no credentials for the cache" >&2
  exit 1
fi

${writeFiles(CREDENTIALS_FOLDER, [credentials])}
--${BOUNDARY}--
`;
}

/** Relative to the folder, since user data must not exceed 16 KB. */
function writeFiles(folder: string, files: readonly GeneratedFile[]): string {
  const commands = files.map(({ path, content }) => {
    const slash = path.lastIndexOf("/");
    return `${slash < 0 ? "" : `mkdir -p ${path.slice(0, slash)}\n`}cat >${path} <<'END'\n${content}END\n`;
  });
  return `mkdir -p ${folder}\ncd ${folder}\n${commands.join("")}`;
}

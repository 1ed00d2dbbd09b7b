# Runs a command in the folder ROOT as `docker run --read-only --tmpfs /tmp --cap-drop ALL
# --security-opt no-new-privileges` runs it in an image, which buildah cannot:
#
#   unshare -m sh read_only_root.sh ROOT VOLUME USER COMMAND…
set -e
root=$1 volume=$2 user=$3
shift 3
mount --rbind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$volume" "$root/var/lib/ritaglio"
mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for device in null zero random urandom; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm"
mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec tmpfs "$root/dev/shm"
mount -o remount,bind,ro "$root/dev"
cd /
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all -- "$@"

#!/bin/sh
# pv-to-hvm on a live PV source: looks at the machine, or prepares it for its conversion.
#
# Shell, and no compiled program: Go's programs need Linux 3.2 since Go 1.24 (its release notes), the guests run 2.6.18 to
# 2.6.32; Node needs a newer kernel and C library still; and both would have to be built for i386 as well. What such a guest
# has is /bin/sh (dash, bash 3, busybox) with the tools of its time. So: nothing but POSIX and `local`, which those three
# know, and of the tools no option that came after 2010. No `set -e`: what follows from a failure is said where it happens.

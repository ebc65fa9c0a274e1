# --- the processor that the guest's programs are for

ARCHITECTURE=x86_64

# read_architecture - sets ARCHITECTURE to i386 or x86_64, by its own programs: uname tells of the kernel that runs here.
read_architecture() {
  local program
  for program in /sbin/init /bin/sh /bin/ls; do
    has_file "$program" || continue
    # Byte 4 of an ELF file is 1 for 32 bits (elf.h).
    case "$(bytes_at "$(host_path "$program")" 0 5)" in
      *"127 69 76 70 1"*) ARCHITECTURE=i386 && return ;;
      *"127 69 76 70 2"*) ARCHITECTURE=x86_64 && return ;;
    esac
  done
  :
}

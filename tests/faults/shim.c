/* Loaded before the C library (LD_PRELOAD): lets one call of a process to its files or to a server fail, or be the last.

   A place is a call that can change something: in a file below `folder`, or over a connection of TCP. Places are counted
   by their kind. What the sweep asks for, and what it is told, stands in a page that a process shares with those that it
   forks: so the counts are there when the process has been killed. fault_shim.py has the same structure. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { NONE, WRITE, SYNC, RENAME, UNLINK, TRUNCATE, LOCK, CREATE, SEND, KINDS };
enum mode { COUNT, ONCE, ON, HALF, KILL, KILL_HALF };

struct shared {
    int kind, place, mode, error;
    int passed[KINDS];
    int hit;
    char folder[256];
};

static struct shared *shared;
static int counting;      /* in this process */
static int fails_next;    /* the rest of a half-written piece does not follow */

__attribute__((constructor)) static void begin(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) abort();
}

struct shared *faults_shared(void) { return shared; }

void faults_count(int yes) { counting = yes; }

/* --- where a call goes */

static int below(const char *path)
{
    size_t length = strlen(shared->folder);
    return length && strncmp(path, shared->folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int is_ours(int descriptor)
{
    char link[64], path[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static int is_ours_at(int folder, const char *path)
{
    if (path[0] == '/') return below(path);
    if (folder != AT_FDCWD) return is_ours(folder);
    char here[512];
    return getcwd(here, sizeof here) != NULL && below(here);
}

static int is_connection(int descriptor)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    if (getpeername(descriptor, (struct sockaddr *)&peer, &length) != 0) return 0;
    return peer.ss_family == AF_INET || peer.ss_family == AF_INET6;
}

static enum kind kind_of(int descriptor)
{
    if (!counting) return NONE;
    int before = errno;
    enum kind kind = is_ours(descriptor) ? WRITE : is_connection(descriptor) ? SEND : NONE;
    errno = before;
    return kind;
}

/* --- what becomes of it */

static int is_of_disk(int kind) { return kind == WRITE || kind == SYNC || kind == RENAME || kind == TRUNCATE || kind == CREATE; }

/* What is to be done with this call: COUNT (nothing), or a mode. */
static enum mode met(enum kind kind)
{
    if (!counting || kind == NONE) return COUNT;
    int passed = ++shared->passed[kind];
    if (fails_next && (kind == WRITE || kind == SEND)) {
        fails_next = 0;
        return ONCE;
    }
    if (shared->mode == ON && shared->hit)
        return (int)kind == shared->kind || (is_of_disk(kind) && is_of_disk(shared->kind)) ? ONCE : COUNT;
    if (kind != (enum kind)shared->kind || passed != shared->place) return COUNT;
    shared->hit = 1;
    return shared->mode == ON ? ONCE : (enum mode)shared->mode;
}

static void die(void) { kill(getpid(), SIGKILL); }

static ssize_t failed(void)
{
    errno = shared->error;
    return -1;
}

#define UNLESS_HIT(kind, call)                  \
    enum mode mode = met(kind);                 \
    if (mode == ONCE) return failed();          \
    long result = (call);                       \
    if (mode == KILL) die();                    \
    return result

/* One that carries octets: `whole` of them, or a half. */
#define PIECE(kind, length, whole, half)                               \
    enum mode mode = met(kind);                                        \
    if (mode == ONCE) return failed();                                 \
    int halved = (mode == HALF || mode == KILL_HALF) && (length) > 1;  \
    ssize_t result = halved ? (half) : (whole);                        \
    if (mode == KILL || mode == KILL_HALF) die();                      \
    if (mode == HALF) fails_next = 1;                                  \
    return result

/* --- octets */

ssize_t write(int to, const void *octets, size_t count)
{
    PIECE(kind_of(to), count, syscall(SYS_write, to, octets, count), syscall(SYS_write, to, octets, count / 2));
}

ssize_t pwrite64(int to, const void *octets, size_t count, off64_t at)
{
    PIECE(kind_of(to), count, syscall(SYS_pwrite64, to, octets, count, at), syscall(SYS_pwrite64, to, octets, count / 2, at));
}

ssize_t pwrite(int to, const void *octets, size_t count, off_t at) { return pwrite64(to, octets, count, at); }

ssize_t writev(int to, const struct iovec *parts, int count)
{
    PIECE(kind_of(to), parts[0].iov_len, syscall(SYS_writev, to, parts, count),
          syscall(SYS_write, to, parts[0].iov_base, parts[0].iov_len / 2));
}

ssize_t sendto(int to, const void *octets, size_t count, int flags, const struct sockaddr *address, socklen_t length)
{
    PIECE(kind_of(to), count, syscall(SYS_sendto, to, octets, count, flags, address, length),
          syscall(SYS_sendto, to, octets, count / 2, flags, address, length));
}

ssize_t send(int to, const void *octets, size_t count, int flags) { return sendto(to, octets, count, flags, NULL, 0); }

ssize_t sendmsg(int to, const struct msghdr *message, int flags)
{
    PIECE(kind_of(to), message->msg_iov[0].iov_len, syscall(SYS_sendmsg, to, message, flags),
          syscall(SYS_sendto, to, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len / 2, flags, NULL, 0));
}

/* --- files as a whole */

static enum kind if_ours(enum kind kind, int descriptor) { return counting && is_ours(descriptor) ? kind : NONE; }

static enum kind if_ours_at(enum kind kind, int folder, const char *path)
{
    return counting && is_ours_at(folder, path) ? kind : NONE;
}

int fsync(int file) { UNLESS_HIT(if_ours(SYNC, file), syscall(SYS_fsync, file)); }
int fdatasync(int file) { UNLESS_HIT(if_ours(SYNC, file), syscall(SYS_fdatasync, file)); }

int ftruncate64(int file, off64_t length) { UNLESS_HIT(if_ours(TRUNCATE, file), syscall(SYS_ftruncate, file, length)); }
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    UNLESS_HIT(if_ours_at(RENAME, to, new), syscall(SYS_renameat2, from, old, to, new, flags));
}
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

int linkat(int from, const char *old, int to, const char *new, int flags)
{
    UNLESS_HIT(if_ours_at(RENAME, to, new), syscall(SYS_linkat, from, old, to, new, flags));
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int folder, const char *path, int flags)
{
    UNLESS_HIT(if_ours_at(UNLINK, folder, path), syscall(SYS_unlinkat, folder, path, flags));
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t rights)
{
    UNLESS_HIT(if_ours_at(CREATE, folder, path), syscall(SYS_mkdirat, folder, path, rights));
}
int mkdir(const char *path, mode_t rights) { return mkdirat(AT_FDCWD, path, rights); }

static int opened(int folder, const char *path, int flags, mode_t rights)
{
    UNLESS_HIT(flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? if_ours_at(CREATE, folder, path) : NONE, syscall(SYS_openat, folder, path, flags, rights));
}

#define RIGHTS(flags)                       \
    va_list more;                           \
    va_start(more, flags);                  \
    mode_t rights = va_arg(more, unsigned); \
    va_end(more)

int open64(const char *path, int flags, ...)
{
    RIGHTS(flags);
    return opened(AT_FDCWD, path, flags, rights);
}
int open(const char *path, int flags, ...)
{
    RIGHTS(flags);
    return opened(AT_FDCWD, path, flags, rights);
}
int openat64(int folder, const char *path, int flags, ...)
{
    RIGHTS(flags);
    return opened(folder, path, flags, rights);
}
int openat(int folder, const char *path, int flags, ...)
{
    RIGHTS(flags);
    return opened(folder, path, flags, rights);
}

/* --- locks; giving one up cannot fail */

int flock(int file, int what)
{
    UNLESS_HIT(what & LOCK_UN ? NONE : if_ours(LOCK, file), syscall(SYS_flock, file, what));
}

static int controlled(int file, int what, void *told)
{
    int locks = what == F_SETLK || what == F_SETLKW || what == F_OFD_SETLK || what == F_OFD_SETLKW;
    int is_place = locks && ((struct flock *)told)->l_type != F_UNLCK;
    UNLESS_HIT(is_place ? if_ours(LOCK, file) : NONE, syscall(SYS_fcntl, file, what, told));
}

int fcntl64(int file, int what, ...)
{
    va_list more;
    va_start(more, what);
    void *told = va_arg(more, void *);
    va_end(more);
    return controlled(file, what, told);
}
int fcntl(int file, int what, ...)
{
    va_list more;
    va_start(more, what);
    void *told = va_arg(more, void *);
    va_end(more);
    return controlled(file, what, told);
}

// Stands between a node and its disk: loaded before the C library, it hears of every write and sync of the database.
//
// DISK_FAILS names a file: while it is there, of three writes and syncs one fails as on a disk that is worn out.
// DISK_KEEPS names a folder: what is on the disk if the power is lost now lies there. That is all that it was made to
// keep by a sync, and of what was written since what it got to by itself, which is every third write.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define ROOM 4096
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// The name of the file, if it is the database or its log.
static const char *of_database(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, ROOM - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  char *name = strrchr(path, '/');
  if (!name || strncmp(name + 1, "nagar.db", 8) != 0 || strstr(name, "-shm")) return NULL;
  return name + 1;
}

static int fails(int fd) {
  static atomic_uint turn;
  const char *told = getenv("DISK_FAILS");
  char path[ROOM];
  if (!told || access(told, F_OK) != 0 || !of_database(fd, path)) return 0;
  if (atomic_fetch_add(&turn, 1) % 3 != 2) return 0;
  errno = EIO;
  return 1;
}

// What was written to the database and to its log since the last sync of each lies between these.
static struct range { off_t from, to; } written[2];
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

// Read through the same descriptor: to open and close the file once more would let go of its locks.
static void copy(int fd, const char *name, off_t from, off_t end) {
  char path[2 * ROOM], block[1 << 16];
  snprintf(path, sizeof path, "%s/%s", getenv("DISK_KEEPS"), name);
  int to = open(path, O_WRONLY | O_CREAT, 0600);
  struct stat file, kept;
  if (to < 0 || fstat(fd, &file) != 0 || fstat(to, &kept) != 0) abort();
  while (from < end) {
    size_t most = end - from < (off_t)sizeof block ? (size_t)(end - from) : sizeof block;
    ssize_t length = pread(fd, block, most, from);
    if (length == 0) break;
    if (length < 0 || NEXT(pwrite)(to, block, length, from) != length) abort();
    from += length;
  }
  if (kept.st_size > file.st_size && ftruncate(to, file.st_size) != 0) abort();
  close(to);
}

// Which of the two it is.
static int log_of(const char *name) { return strstr(name, "-wal") != NULL; }

static void wrote(int fd, off_t at, ssize_t length) {
  static unsigned turn;
  char path[ROOM];
  const char *name = length > 0 && getenv("DISK_KEEPS") ? of_database(fd, path) : NULL;
  if (!name) return;
  pthread_mutex_lock(&held);
  struct range *since = &written[log_of(name)];
  if (since->to == 0 || at < since->from) since->from = at;
  if (at + length > since->to) since->to = at + length;
  if (turn++ % 3 == 2) copy(fd, name, at, at + length);
  pthread_mutex_unlock(&held);
}

static void synced(int fd) {
  char path[ROOM];
  const char *name = getenv("DISK_KEEPS") ? of_database(fd, path) : NULL;
  if (!name) return;
  pthread_mutex_lock(&held);
  struct range *since = &written[log_of(name)];
  copy(fd, name, since->from, since->to);
  since->from = since->to = 0;
  pthread_mutex_unlock(&held);
}

ssize_t write(int fd, const void *from, size_t length) { return fails(fd) ? -1 : NEXT(write)(fd, from, length); }

ssize_t pwrite(int fd, const void *from, size_t length, off_t at) {
  if (fails(fd)) return -1;
  ssize_t done = NEXT(pwrite)(fd, from, length, at);
  wrote(fd, at, done);
  return done;
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) {
  if (fails(fd)) return -1;
  ssize_t done = NEXT(pwrite64)(fd, from, length, at);
  wrote(fd, at, done);
  return done;
}

int fsync(int fd) {
  if (fails(fd)) return -1;
  int done = NEXT(fsync)(fd);
  if (done == 0) synced(fd);
  return done;
}

int fdatasync(int fd) {
  if (fails(fd)) return -1;
  int done = NEXT(fdatasync)(fd);
  if (done == 0) synced(fd);
  return done;
}

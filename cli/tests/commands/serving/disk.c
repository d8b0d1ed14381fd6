// Stands between a node and its disk: loaded before the C library, it hears of every write and sync of the database.
//
// DISK_FAILS names a file: while it is there, of three writes and syncs one fails as on a disk that is worn out.
// DISK_KEEPS names a folder: what the disk was made to keep by a sync lies there, and nothing that was written since.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

// Read through the same descriptor: to open and close the file once more would let go of its locks.
static void keep(int fd) {
  const char *folder = getenv("DISK_KEEPS");
  char path[ROOM], part[2 * ROOM], whole[2 * ROOM], block[1 << 16];
  const char *name = folder ? of_database(fd, path) : NULL;
  if (!name) return;
  snprintf(part, sizeof part, "%s/%s.part", folder, name);
  snprintf(whole, sizeof whole, "%s/%s", folder, name);
  int to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (to < 0) abort();
  ssize_t length;
  for (off_t at = 0; (length = pread(fd, block, sizeof block, at)) > 0; at += length)
    if (NEXT(write)(to, block, length) != length) abort();
  close(to);
  if (rename(part, whole) != 0) abort();
}

ssize_t write(int fd, const void *from, size_t length) { return fails(fd) ? -1 : NEXT(write)(fd, from, length); }

ssize_t pwrite(int fd, const void *from, size_t length, off_t at) {
  return fails(fd) ? -1 : NEXT(pwrite)(fd, from, length, at);
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) {
  return fails(fd) ? -1 : NEXT(pwrite64)(fd, from, length, at);
}

int fsync(int fd) {
  if (fails(fd)) return -1;
  int done = NEXT(fsync)(fd);
  if (done == 0) keep(fd);
  return done;
}

int fdatasync(int fd) {
  if (fails(fd)) return -1;
  int done = NEXT(fdatasync)(fd);
  if (done == 0) keep(fd);
  return done;
}

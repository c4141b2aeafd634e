# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a repository by `git fast-import`: thousands of commits with everything that a path can go through."""

import random
import subprocess

NAMES = ["plain", "with blank", 'quo"ted', "back\\slash", "tab\there", "new\nline", "ünïcode-ß", "日本語", "emoji-🦀", "'single'",
         "-dash", "#hash", "a@b:1,2[3]", "%25", "trailing "]
FILE, PROGRAM, LINK = "100644", "100755", "120000"


class MadeRepository:
    """A tree that is changed at random, and the fast-import stream of its commits.

    Changes never make a path both a file and a folder: folders are d0 to d9, files are not called so."""

    def __init__(self, seed, commits):
        self._random = random.Random(seed)
        self._commits = commits
        self._mark = 0
        self._out = []

    def importInto(self, folder):
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
        subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=self._stream(), check=True)

    def _stream(self):
        tree, head = {}, None
        for number in range(self._commits):
            if head and number % 7 == 3:
                tree, head = self._sideBranchAndMerge(tree, head)
            else:
                tree, head = self._commit("main", self._changed(tree), tree, [head] if head else [])
        return b"".join(self._out)

    def _sideBranchAndMerge(self, tree, head):
        """A branch of one to three commits, one commit on main meanwhile, and their merge."""
        side, sideHead = tree, head
        for _ in range(self._random.randint(1, 3)):
            side, sideHead = self._commit("side", self._changed(side), side, [sideHead])
        ours, head = self._commit("main", self._changed(tree), tree, [head])
        merged = {**ours, **{path: entry for path, entry in side.items() if tree.get(path) != entry}}
        for path in tree.keys() - side.keys():
            merged.pop(path, None)
        return self._commit("main", merged, ours, [head, sideHead])

    def _changed(self, tree):
        """The tree after a few random changes; now and then after none."""
        tree = dict(tree)
        for _ in range(self._random.choice([0, 1, 1, 1, 2, 3, 8])):
            self._change(tree)
        return tree

    def _change(self, tree):
        kind = self._random.choice(["add", "add", "modify", "modify", "delete", "rename", "type", "mode"])
        path = self._random.choice(sorted(tree)) if tree else None
        if kind == "add" or path is None:
            tree[self._newPath()] = (FILE, self._text())
        elif kind == "modify":
            tree[path] = (tree[path][0], self._text())
        elif kind == "delete":
            del tree[path]
        elif kind == "rename":
            tree[self._newPath()] = tree.pop(path)
        elif kind == "type":
            tree[path] = (FILE if tree[path][0] == LINK else LINK, self._text())
        else:
            tree[path] = ({FILE: PROGRAM, PROGRAM: FILE, LINK: LINK}[tree[path][0]], tree[path][1])

    def _newPath(self):
        folders = [f"d{self._random.randrange(10)}" for _ in range(self._random.randrange(3))]
        name, number = self._random.choice(NAMES), self._random.randrange(60)
        return "/".join([*folders, f"{number} {name}" if name.endswith(" ") else f"{name} {number}"])

    def _text(self):
        return f"content {self._random.randrange(5000)}"

    def _commit(self, branch, after, before, parents):
        self._mark += 1
        # Committers' clocks differ: times go back now and then.
        time = 1_600_000_000 + 3_600 * self._mark - self._random.choice([0, 0, 0, 0, 50_000])
        self._write(f"commit refs/heads/{branch}\nmark :{self._mark}\ncommitter A <a@example.org> {time} +0000\n")
        self._data(f"commit {self._mark}")
        for word, parent in zip(("from", "merge"), parents):
            self._write(f"{word} :{parent}\n")
        for path in before.keys() - after.keys():
            self._write(f"D {quoted(path)}\n")
        for path, (mode, text) in after.items():
            if before.get(path) != (mode, text):
                self._write(f"M {mode} inline {quoted(path)}\n")
                self._data(text)
        return after, self._mark

    def _write(self, text):
        self._out.append(text.encode())

    def _data(self, text):
        self._write(f"data {len(text.encode())}\n{text}\n")


def quoted(path):
    """A path as fast-import reads it: in quotes, as C does."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(letter, letter) for letter in path) + '"'

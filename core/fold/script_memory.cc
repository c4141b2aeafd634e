// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_memory.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <elf.h>
#include <link.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace leftfold::fold {

namespace {

thread_local int scriptsRunning = 0;

bool isRefused(std::size_t bytes)
{
    if (bytes <= kMaxScriptBlock || scriptsRunning == 0) return false;
    errno = ENOMEM;
    return true;
}

void* boundedMalloc(std::size_t bytes)
{
    return isRefused(bytes) ? nullptr : std::malloc(bytes);
}

void* boundedCalloc(std::size_t count, std::size_t bytes)
{
    std::size_t total = 0;
    if (__builtin_mul_overflow(count, bytes, &total) || isRefused(total)) return nullptr;
    return std::calloc(count, bytes);
}

void* boundedRealloc(void* block, std::size_t bytes)
{
    return isRefused(bytes) ? nullptr : std::realloc(block, bytes);
}

#if defined(__x86_64__)
constexpr std::uint32_t kGlobalData = R_X86_64_GLOB_DAT;
constexpr std::uint32_t kJumpSlot = R_X86_64_JUMP_SLOT;
#elif defined(__aarch64__)
constexpr std::uint32_t kGlobalData = R_AARCH64_GLOB_DAT;
constexpr std::uint32_t kJumpSlot = R_AARCH64_JUMP_SLOT;
#else
constexpr std::uint32_t kGlobalData = UINT32_MAX;
constexpr std::uint32_t kJumpSlot = UINT32_MAX;
#endif

/// What a loaded library says of itself, for the linker.
struct Library {
    ElfW(Addr) base = 0;
    const ElfW(Sym) * symbols = nullptr;
    const char* names = nullptr;
    const ElfW(Rela) * relocations = nullptr;
    std::size_t relocationBytes = 0;
    const ElfW(Rela) * jumps = nullptr;
    std::size_t jumpBytes = 0;
};

template <class T>
const T* at(ElfW(Addr) base, ElfW(Addr) address)
{
    return reinterpret_cast<const T*>(address < base ? base + address : address);
}

Library readLibrary(const dl_phdr_info& info, const ElfW(Dyn) * entry)
{
    Library library;
    library.base = info.dlpi_addr;
    for (; entry->d_tag != DT_NULL; ++entry) {
        const ElfW(Addr) address = entry->d_un.d_ptr;
        switch (entry->d_tag) {
        case DT_SYMTAB:
            library.symbols = at<ElfW(Sym)>(library.base, address);
            break;
        case DT_STRTAB:
            library.names = at<char>(library.base, address);
            break;
        case DT_RELA:
            library.relocations = at<ElfW(Rela)>(library.base, address);
            break;
        case DT_RELASZ:
            library.relocationBytes = entry->d_un.d_val;
            break;
        case DT_JMPREL:
            library.jumps = at<ElfW(Rela)>(library.base, address);
            break;
        case DT_PLTRELSZ:
            library.jumpBytes = entry->d_un.d_val;
            break;
        default:
            break;
        }
    }
    return library;
}

void* replacementOf(std::string_view name)
{
    if (name == "malloc") return reinterpret_cast<void*>(&boundedMalloc);
    if (name == "calloc") return reinterpret_cast<void*>(&boundedCalloc);
    if (name == "realloc") return reinterpret_cast<void*>(&boundedRealloc);
    return nullptr;
}

/// Entries are read-only once a library is loaded.
bool point(void** entry, void* target)
{
    const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto* page = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(entry) & ~(size - 1));
    if (::mprotect(page, size, PROT_READ | PROT_WRITE) != 0) return false;
    *entry = target;
    return true;
}

int pointAll(const Library& library, const ElfW(Rela) * relocations, std::size_t bytes)
{
    int count = 0;
    for (std::size_t i = 0; relocations != nullptr && i < bytes / sizeof(ElfW(Rela)); ++i) {
        const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(relocations[i].r_info));
        if (type != kGlobalData && type != kJumpSlot) continue;
        const ElfW(Sym)& symbol = library.symbols[ELF64_R_SYM(relocations[i].r_info)];
        void* const target = replacementOf(library.names + symbol.st_name);
        if (target == nullptr) continue;
        count += point(reinterpret_cast<void**>(library.base + relocations[i].r_offset), target);
    }
    return count;
}

int boundLibrary(dl_phdr_info* info, std::size_t /*size*/, void* count)
{
    if (std::string_view(info->dlpi_name).find("libmozjs") == std::string_view::npos) return 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        if (info->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const auto* entries = reinterpret_cast<const ElfW(Dyn)*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        const Library library = readLibrary(*info, entries);
        if (library.symbols == nullptr || library.names == nullptr) return 1;
        *static_cast<int*>(count) = pointAll(library, library.relocations, library.relocationBytes)
                                    + pointAll(library, library.jumps, library.jumpBytes);
    }
    return 1;
}

} // namespace

bool boundEngineBlocks()
{
    int count = 0;
    ::dl_iterate_phdr(boundLibrary, &count);
    return count >= 3;
}

BoundedBlocks::BoundedBlocks()
{
    ++scriptsRunning;
}

BoundedBlocks::~BoundedBlocks()
{
    --scriptsRunning;
}

} // namespace leftfold::fold

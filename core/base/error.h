// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace leftfold::base {

/// What went wrong. One enumerator a line of error_codes.def.
enum class ErrorCode : std::uint16_t {
#define LEFTFOLD_ERROR(name, stable, english) name,
#include "core/base/error_codes.def"
#undef LEFTFOLD_ERROR
};

/// An error as a value: a code, the arguments of its text, and the places passed on the way up,
/// innermost first ("line 812", "opening orders.jsonl"). The desktop maps code and arguments to
/// its own language; core renders English.
struct Error {
    ErrorCode code;
    std::vector<std::string> args;
    std::vector<std::string> context;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::FileNotFound, path);`
template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, Args&&... args)
{
    return tl::unexpected<Error>(Error{code, {std::string(std::forward<Args>(args))...}, {}});
}

/// The error of a failed system call: `errno` mapped to the code that says it best
/// (FileNotFound, NoPermission, FileIsFolder, DiskFull, else SystemFailed). `what` names the thing, as a path.
[[nodiscard]] tl::unexpected<Error> failErrno(std::string_view what, int errnoValue);

/// Hands an error on with one more place: `return inContext(std::move(r.error()), "opening x")`.
[[nodiscard]] tl::unexpected<Error> inContext(Error error, std::string place);

/// One English line: the context from the outside in, then the text.
[[nodiscard]] std::string render(const Error& error);

/// The stable, kebab-case name of a code, as `--json` prints it.
[[nodiscard]] std::string_view nameOf(ErrorCode code);
/// The English template of a code, with {0}, {1} ... for its arguments.
[[nodiscard]] std::string_view templateOf(ErrorCode code);
/// Every code there is, for tests that walk them.
[[nodiscard]] std::span<const ErrorCode> allErrorCodes();

/// A broken invariant of our own: prints and aborts, in release builds too. Nothing that comes
/// from outside (a file, a broker, an argument) may lead here.
[[noreturn]] void broken(const char* what, const char* file, int line);
#define LEFTFOLD_INVARIANT(condition) ((condition) ? void() : ::leftfold::base::broken(#condition, __FILE__, __LINE__))

/// `LEFTFOLD_TRY(auto x, f());` gives x the value of f(), or returns its error.
#define LEFTFOLD_TRY_JOIN2(a, b) a##b
#define LEFTFOLD_TRY_JOIN(a, b) LEFTFOLD_TRY_JOIN2(a, b)
#define LEFTFOLD_TRY(target, ...) LEFTFOLD_TRY_AS(LEFTFOLD_TRY_JOIN(tryResult, __LINE__), target, __VA_ARGS__)
#define LEFTFOLD_TRY_AS(result, target, ...)                       \
    auto result = (__VA_ARGS__);                                   \
    if (!result) return tl::unexpected(std::move(result).error()); \
    target = std::move(*result)
/// `LEFTFOLD_CHECK(f());` returns the error of a Result<void>, if there is one.
#define LEFTFOLD_CHECK(...)                                                      \
    do {                                                                         \
        auto checkResult = (__VA_ARGS__);                                        \
        if (!checkResult) return tl::unexpected(std::move(checkResult).error()); \
    } while (false)

} // namespace leftfold::base

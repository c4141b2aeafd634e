// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace leftfold::base {

namespace {

struct CodeText {
    std::string_view name;
    std::string_view english;
};

constexpr std::array kTexts = {
#define LEFTFOLD_ERROR(name, stable, english) CodeText{stable, english},
#include "core/base/error_codes.def"
#undef LEFTFOLD_ERROR
};

constexpr std::array kCodes = {
#define LEFTFOLD_ERROR(name, stable, english) ErrorCode::name,
#include "core/base/error_codes.def"
#undef LEFTFOLD_ERROR
};

const CodeText& textOf(ErrorCode code)
{
    return kTexts[static_cast<std::size_t>(code)];
}

/// Fills {0}, {1} ... by hand: a template of fmt's would throw where an argument is missing.
std::string fill(std::string_view english, const std::vector<std::string>& args)
{
    std::string out;
    for (std::size_t i = 0; i < english.size(); ++i) {
        const bool field = english[i] == '{' && i + 2 < english.size() && english[i + 2] == '}';
        const std::size_t argument = field ? static_cast<std::size_t>(english[i + 1] - '0') : args.size();
        if (argument < args.size()) {
            out += args[argument];
            i += 2;
        } else {
            out += english[i];
        }
    }
    return out;
}

} // namespace

tl::unexpected<Error> failErrno(std::string_view what, int errnoValue)
{
    switch (errnoValue) {
    case ENOENT:
        return fail(ErrorCode::FileNotFound, what);
    case EACCES:
    case EPERM:
    case EROFS:
        return fail(ErrorCode::NoPermission, what);
    case EISDIR:
        return fail(ErrorCode::FileIsFolder, what);
    case ENOSPC:
    case EDQUOT:
        return fail(ErrorCode::DiskFull, what);
    default:
        return fail(ErrorCode::SystemFailed, what, std::strerror(errnoValue));
    }
}

tl::unexpected<Error> inContext(Error error, std::string place)
{
    error.context.push_back(std::move(place));
    return tl::unexpected<Error>(std::move(error));
}

std::string render(const Error& error)
{
    std::string out;
    for (auto place = error.context.rbegin(); place != error.context.rend(); ++place) {
        out += *place + ": ";
    }
    return out + fill(templateOf(error.code), error.args);
}

std::string_view nameOf(ErrorCode code)
{
    return textOf(code).name;
}

std::string_view templateOf(ErrorCode code)
{
    return textOf(code).english;
}

std::span<const ErrorCode> allErrorCodes()
{
    return kCodes;
}

void broken(const char* what, const char* file, int line)
{
    std::fprintf(stderr, "leftfold: broken invariant: %s (%s:%d)\n", what, file, line);
    std::abort();
}

} // namespace leftfold::base

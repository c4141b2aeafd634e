// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_profile.h"

#include "core/event/surrogate.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using Properties = std::map<std::string, std::string>;

/// The letter that \uXXXX stands for, `at` its first digit; nothing where that is no letter of its own.
std::optional<std::string> letterAt(const std::string& text, std::size_t at)
{
    unsigned code = 0;
    const char* const first = text.data() + at;
    const char* const end = text.data() + std::min(at + 4, text.size());
    const auto read = std::from_chars(first, end, code, 16);
    if (end - first < 4 || read.ptr != end || (code >= 0xd800 && code < 0xe000)) return std::nullopt;
    std::string out;
    event::appendUtf8(out, static_cast<char32_t>(code));
    return out;
}

/// A text of Java's properties format, one escape at a time.
std::string unescaped(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char c = text[++i];
        const auto letter = c == 'u' ? letterAt(text, i + 1) : std::nullopt;
        if (letter) {
            out += *letter;
            i += 4;
            continue;
        }
        out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
    return out;
}

/// Lines as Java joins them: one that ends in an odd number of backslashes goes on.
std::vector<std::string> logicalLines(std::string_view text)
{
    std::vector<std::string> lines;
    bool goesOn = false;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        line.erase(0, std::min(line.find_first_not_of(" \t\f"), line.size()));
        const std::size_t last = line.find_last_not_of('\\');
        const std::size_t backslashes = last == std::string::npos ? line.size() : line.size() - last - 1;
        const bool isComment = !goesOn && (line.empty() || line.front() == '#' || line.front() == '!');
        if (isComment) continue;
        const bool continues = backslashes % 2 == 1;
        if (continues) line.pop_back();
        if (goesOn) {
            lines.back() += line;
        } else {
            lines.push_back(line);
        }
        goesOn = continues;
    }
    return lines;
}

/// Where the name of a property ends: at the first '=', ':' or blank that is not escaped.
std::size_t endOfName(const std::string& line)
{
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            ++i;
        } else if (std::string_view("=: \t\f").find(line[i]) != std::string_view::npos) {
            return i;
        }
    }
    return line.size();
}

Properties javaProperties(std::string_view text)
{
    Properties out;
    for (const std::string& line : logicalLines(text)) {
        const std::size_t end = endOfName(line);
        std::size_t value = std::min(line.find_first_not_of(" \t\f", end), line.size());
        if (value < line.size() && (line[value] == '=' || line[value] == ':'))
            value = std::min(line.find_first_not_of(" \t\f", value + 1), line.size());
        out[unescaped(line.substr(0, end))] = unescaped(line.substr(value));
    }
    return out;
}

/// name="value" of a JAAS entry.
std::string jaasOption(const std::string& jaas, const char* name)
{
    const std::regex option(fmt::format("\\b{}\\s*=\\s*(\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;]+))", name));
    std::smatch found;
    if (!std::regex_search(jaas, found, option)) return {};
    return found[2].matched ? unescaped(found[2]) : std::string(found[3]);
}

std::string storeType(const Properties& java, const char* kind)
{
    const auto type = java.find(fmt::format("ssl.{}.type", kind));
    const auto path = java.find(fmt::format("ssl.{}.location", kind));
    if (type != java.end()) return type->second;
    const std::string& name = path->second;
    const auto endsIn = [&](std::initializer_list<const char*> ends) {
        return std::ranges::any_of(ends, [&](const char* end) { return name.ends_with(end); });
    };
    if (endsIn({".p12", ".pfx", ".pkcs12"})) return "PKCS12";
    return endsIn({".pem", ".crt"}) ? "PEM" : "JKS";
}

/// Fills a profile from Java's names.
class JavaImport {
public:
    JavaImport(const std::string& name, Properties java) : m_java(std::move(java)) { m_out.profile.name = name; }

    Result<ImportedProfile> run()
    {
        for (const char* same : {"bootstrap.servers", "security.protocol", "client.id", "sasl.kerberos.service.name"})
            copy(same, same);
        copy("sasl.mechanism", "sasl.mechanisms");
        jaas();
        copy("sasl.oauthbearer.token.endpoint.url", "token.url");
        trustStore();
        keyStore();
        copy("ssl.endpoint.identification.algorithm", "ssl.endpoint.identification.algorithm");
        if (auto& check = m_out.profile.properties; check.contains("ssl.endpoint.identification.algorithm")
                                                    && check["ssl.endpoint.identification.algorithm"].empty())
            check["ssl.endpoint.identification.algorithm"] = "none";
        for (const auto& [name, value] : m_java)
            m_out.notes.push_back(name + " is left out: it says nothing about how the cluster is reached");
        if (!m_out.profile.properties.contains("bootstrap.servers"))
            m_out.notes.emplace_back("there is no bootstrap.servers: give them with --brokers");
        return std::move(m_out);
    }

private:
    std::string take(const std::string& name)
    {
        const auto found = m_java.find(name);
        if (found == m_java.end()) return {};
        std::string value = std::move(found->second);
        m_java.erase(found);
        return value;
    }
    void copy(const char* from, const char* to)
    {
        if (m_java.contains(from)) m_out.profile.properties[to] = take(from);
    }
    void set(const char* property, const std::string& value)
    {
        if (!value.empty()) m_out.profile.properties[property] = value;
    }
    void keep(const char* property, const std::string& secret)
    {
        if (!secret.empty()) m_out.secrets[property] = secret;
    }

    void jaas()
    {
        const std::string entry = take("sasl.jaas.config");
        set("sasl.username", jaasOption(entry, "username"));
        keep("sasl.password", jaasOption(entry, "password"));
        set("token.client.id", jaasOption(entry, "clientId"));
        keep("token.client.secret", jaasOption(entry, "clientSecret"));
        set("token.scope", jaasOption(entry, "scope"));
    }

    /// JKS is Java's alone.
    void trustStore()
    {
        if (!m_java.contains("ssl.truststore.location")) return;
        const std::string type = storeType(m_java, "truststore");
        const std::string path = take("ssl.truststore.location");
        take("ssl.truststore.type");
        take("ssl.truststore.password");
        if (type == "PEM") return set("ssl.ca.location", path);
        const std::string p12 = type == "JKS" ? path + ".p12" : path;
        m_out.notes.push_back(fmt::format(
            "{} is a {} store, and Leftfold reads PEM; convert it: {}openssl pkcs12 -in {} -nokeys -out {}.pem; then "
            "--set ssl.ca.location={}.pem",
            path, type,
            type == "JKS" ? fmt::format(
                "keytool -importkeystore -srckeystore {} -destkeystore {} -deststoretype PKCS12 && ", path, p12)
                          : "",
            p12, path, path));
    }

    void keyStore()
    {
        if (!m_java.contains("ssl.keystore.location")) return;
        const std::string type = storeType(m_java, "keystore");
        const std::string path = take("ssl.keystore.location");
        const std::string password = take("ssl.keystore.password");
        const std::string keyPassword = take("ssl.key.password");
        take("ssl.keystore.type");
        if (type == "PEM") {
            set("ssl.certificate.location", path);
            set("ssl.key.location", path);
            keep("ssl.key.password", keyPassword);
        } else if (type == "PKCS12") {
            set("ssl.keystore.location", path);
            keep("ssl.keystore.password", password);
        } else {
            m_out.notes.push_back(fmt::format(
                "{} is a JKS store, and Leftfold reads PKCS12; convert it: keytool -importkeystore -srckeystore {} "
                "-destkeystore {}.p12 -deststoretype PKCS12; then --set ssl.keystore.location={}.p12",
                path, path, path, path));
        }
    }

    Properties m_java;
    ImportedProfile m_out;
};

/// What belongs to reading or writing with kcat, and not to the cluster.
bool isOfProgram(const std::string& name)
{
    static const std::set<std::string> kOfProgram = {
        "group.id",  "auto.offset.reset", "enable.auto.commit", "enable.partition.eof", "acks",
        "linger.ms", "batch.size",        "compression.codec",  "partitioner"};
    return kOfProgram.contains(name) || name.starts_with("topic.");
}

} // namespace

Result<ImportedProfile> importJava(const std::string& name, std::string_view text)
{
    return JavaImport(name, javaProperties(text)).run();
}

Result<ImportedProfile> importKcat(const std::string& name, std::string_view text)
{
    ImportedProfile out;
    out.profile.name = name;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty() || line.front() == '#') continue;
        line.erase(line.find_last_not_of(" \t\r") + 1);
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos)
            return base::fail(ErrorCode::BadProfile, name, "'" + line.substr(0, 20) + "...' is no NAME=VALUE");
        std::string property = line.substr(0, equals);
        property.erase(property.find_last_not_of(" \t") + 1);
        std::string value = line.substr(std::min(line.find_first_not_of(" \t", equals + 1), line.size()));
        if (property == "metadata.broker.list") property = "bootstrap.servers";
        if (property == "sasl.mechanism") property = "sasl.mechanisms";
        if (isSecret(property)) {
            out.secrets[property] = value;
        } else if (isOfProgram(property)) {
            out.notes.push_back(property + " is left out: it says nothing about how the cluster is reached");
        } else {
            out.profile.properties[property] = value;
        }
    }
    return out;
}

} // namespace leftfold::source

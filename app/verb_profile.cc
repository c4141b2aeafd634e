// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verb.h"
#include "core/base/file.h"
#include "core/source/kafka_profile.h"
#include "core/source/secret_store.h"

#include <fmt/format.h>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace leftfold::app {

namespace {

using base::Result;
using source::KafkaProfile;

/// A line of standard input, not shown where it is typed.
Result<std::string> askSecret(const std::string& what)
{
    termios before{};
    const bool isTyped = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (isTyped) {
        fmt::print(stderr, "{}: ", what);
        termios hidden = before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    std::string secret;
    const bool isRead = static_cast<bool>(std::getline(std::cin, secret));
    if (isTyped) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fmt::print(stderr, "\n");
    }
    if (!isRead || secret.empty())
        return base::fail(base::ErrorCode::BadArgument, "no secret was given on standard input");
    return secret;
}

class Profile : public Verb {
public:
    const char* name() const override { return "profile"; }
    const char* about() const override { return "how Kafka clusters are reached: make, import and test profiles"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("ACTION", m_action, "list, show, add, import, secret, test or remove")
            ->check(CLI::IsMember({"list", "show", "add", "import", "secret", "test", "remove"}))
            ->required();
        verb.add_option("NAME", m_name, "the profile");
        verb.add_option("WHAT", m_what, "import: the file; secret: the property, as sasl.password");
        verb.add_option("--brokers", m_brokers, "HOST:PORT,...")->type_name("BROKERS");
        verb.add_option("--set", m_settings,
                        "a property of librdkafka, or token.url, token.client.id, token.scope (any number of times)")
            ->type_name("NAME=VALUE")
            ->allow_extra_args(false);
        verb.add_option("--secrets", m_secrets, "where secrets are kept: keyring, environment or file:PATH")
            ->type_name("STORE");
        verb.footer("Examples:\n  leftfold profile add production --brokers k1:9093,k2:9093 --set "
                    "security.protocol=SASL_SSL \\\n"
                    "      --set sasl.mechanisms=SCRAM-SHA-512 --set sasl.username=reader --secrets keyring\n"
                    "  leftfold profile secret production sasl.password\n  leftfold profile test production\n"
                    "  leftfold profile import production client.properties\n\n"
                    "A profile is a small text without secrets; the variable LEFTFOLD_SECRET_PRODUCTION_SASL_PASSWORD "
                    "comes before any store.");
    }
    VerbResult run(Output& out, std::stop_token stop) override
    {
        if (m_action == "list") return list(out);
        if (m_name.empty()) return base::fail(base::ErrorCode::BadArgument, "which profile?");
        if (m_action == "add") return add({m_name, {}}, out);
        if (m_action == "import") return import(out);
        if (m_action == "remove") return source::removeProfile(m_name).map([] { return Ok; });
        if (m_action == "test") return test(out, std::move(stop));
        LEFTFOLD_TRY(const KafkaProfile profile, source::readProfile(m_name));
        if (m_action == "secret") return keepSecret(profile, m_what);
        out.write(toText(profile));
        return Ok;
    }

private:
    static VerbResult list(Output& out)
    {
        LEFTFOLD_TRY(const auto names, source::profileNames());
        for (const std::string& name : names) {
            const auto profile = source::readProfile(name);
            out.line(profile ? fmt::format("{}  {}", name, profile->properties.at("bootstrap.servers"))
                             : base::render(profile.error()));
        }
        return Ok;
    }

    VerbResult add(KafkaProfile profile, Output& out)
    {
        if (!m_brokers.empty()) profile.properties["bootstrap.servers"] = m_brokers;
        if (!m_secrets.empty()) {
            LEFTFOLD_CHECK(source::secretStore(m_secrets).map([](const auto&) {}));
            profile.properties["secret.store"] = m_secrets;
        }
        for (const std::string& setting : m_settings) {
            const std::size_t equals = setting.find('=');
            if (equals == std::string::npos || equals == 0)
                return base::fail(base::ErrorCode::BadArgument, "'" + setting + "' is no NAME=VALUE");
            if (source::isSecret(setting.substr(0, equals))) {
                return base::fail(base::ErrorCode::BadArgument,
                                  setting.substr(0, equals) + " is a secret: 'leftfold profile secret " + m_name + " "
                                      + setting.substr(0, equals) + "' asks for it, so that no command line holds it");
            }
            profile.properties[setting.substr(0, equals)] = setting.substr(equals + 1);
        }
        LEFTFOLD_CHECK(source::writeProfile(profile));
        out.line(fmt::format("profile {} is written", profile.name));
        return Ok;
    }

    VerbResult import(Output& out)
    {
        if (m_what.empty()) return base::fail(base::ErrorCode::BadArgument, "which file is to be imported?");
        LEFTFOLD_TRY(const std::string text, base::readFile(m_what));
        const bool isKcat = m_what.ends_with(".conf");
        LEFTFOLD_TRY(source::ImportedProfile imported,
                     isKcat ? source::importKcat(m_name, text) : source::importJava(m_name, text));
        for (const std::string& note : imported.notes) complain(note);
        LEFTFOLD_CHECK(add(imported.profile, out));
        LEFTFOLD_TRY(const KafkaProfile written, source::readProfile(m_name));
        for (const auto& [property, secret] : imported.secrets) {
            if (m_secrets.empty()) {
                complain(property + " is not kept: name a store with --secrets keyring or --secrets file:PATH, or set "
                         + source::secretVariable(m_name, property));
                continue;
            }
            LEFTFOLD_TRY(const auto store, source::secretStore(m_secrets));
            LEFTFOLD_CHECK(store->write(m_name, property, secret));
        }
        return Ok;
    }

    VerbResult keepSecret(const KafkaProfile& profile, const std::string& property) const
    {
        if (!source::isSecret(property))
            return base::fail(base::ErrorCode::BadArgument,
                              "'" + property
                                  + "' is no secret: expected sasl.password, ssl.key.password, ssl.keystore.password "
                                    "or token.client.secret");
        const auto named = profile.properties.find("secret.store");
        const std::string name = !m_secrets.empty()                  ? m_secrets
                                 : named == profile.properties.end() ? "keyring"
                                                                     : named->second;
        LEFTFOLD_TRY(const auto store, source::secretStore(name));
        LEFTFOLD_TRY(const std::string secret, askSecret(property + " of " + profile.name));
        LEFTFOLD_CHECK(store->write(profile.name, property, secret));
        KafkaProfile changed = profile;
        changed.properties["secret.store"] = name;
        LEFTFOLD_CHECK(source::writeProfile(changed));
        return Ok;
    }

    VerbResult test(Output& out, std::stop_token stop) const
    {
        LEFTFOLD_TRY(const source::KafkaConnection connection, source::connectionFor(m_name));
        const auto draining = std::make_shared<source::Draining>();
        const auto steps = source::testConnection(connection, draining, std::move(stop));
        draining->wait(std::chrono::seconds(1));
        if (!steps) return tl::unexpected(steps.error());
        for (const source::ConnectionStep& step : *steps)
            out.line(fmt::format("{:<14}{:<8}{}", step.name, step.isGood ? out.in(32, "ok") : out.in(31, "failed"),
                                 step.text));
        return steps->back().isGood ? Ok : Found;
    }

    std::string m_action;
    std::string m_name;
    std::string m_what;
    std::string m_brokers;
    std::vector<std::string> m_settings;
    std::string m_secrets;
};

} // namespace

std::unique_ptr<Verb> makeProfile()
{
    return std::make_unique<Profile>();
}

} // namespace leftfold::app

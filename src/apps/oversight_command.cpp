// Oversight from the command line, on top of the control interface.
#include "apps/oversight_command.hpp"

#include "apps/by_hand.hpp"
#include "apps/control.hpp"
#include "apps/setup.hpp"
#include "directory/directory.hpp"
#include "node/sequence_record.hpp"
#include "record/sample.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace comity::apps {

namespace {

struct Overseeing {
    std::string dir;
    std::string question;
    std::string from;
    std::string until;
    std::string file;
    std::string before;
    std::string directory;
    std::string policy;
    std::string first;
    std::string second;
    std::vector<std::string> acts;
    std::int64_t days = 90;
    std::int64_t count = 20;
    bool json = false;
    Acting acting;
};

int refused(const Refusal& refusal) {
    fmt::print(stderr, "comity: {}\n", refusal.text());
    return 1;
}

std::string text_of(const json::Value& value) {
    if (value.is_string()) return std::string(value.as_string());
    return json::print(value);
}

// A table: the members of the first row are its head.
void print_rows(const json::Array& rows) {
    for (const auto& row : rows) {
        std::string line;
        for (const auto& member : row.as_object())
            line += fmt::format(
                "{}{} {}", line.empty() ? "" : "  ", std::string_view(member.key()),
                text_of(member.value()));
        fmt::print("{}\n", line);
    }
    if (rows.empty()) fmt::print("nothing\n");
}

int show(const Overseeing& a, const std::string& path, const char* list) {
    const auto answer = Control(a.dir).get(path);
    if (!answer) return refused(answer.error());
    if (a.json)
        fmt::print("{}", json::pretty(*answer));
    else
        print_rows(answer->at(list).as_array());
    return 0;
}

int list_alarms(const Overseeing& a) {
    return show(a, "/oversight/alarms", "alarms");
}

int ask(const Overseeing& a) {
    return show(
        a, fmt::format("/oversight/questions/{}?days={}", http::encode_segment(a.question), a.days),
        "rows");
}

int draw(const Overseeing& a) {
    const auto sample = Control(a.dir).post(
        "/oversight/samples", {{"from", a.from}, {"until", a.until}, {"count", a.count}});
    if (!sample) return refused(sample.error());
    if (a.file.empty())
        fmt::print("{}", json::pretty(*sample));
    else
        write_new_file(a.file, json::pretty(*sample), false);
    return 0;
}

int show_drawn(const Overseeing& a) {
    const auto text = read_file(a.file);
    if (!text) return refused(text.error());
    const auto sample = json::parse_object(*text, limits::catch_up_bytes);
    if (!sample) return refused(sample.error());
    const auto answer = Control(a.dir).post("/oversight/samples/acts", *sample);
    if (!answer) return refused(answer.error());
    if (a.json)
        fmt::print("{}", json::pretty(*answer));
    else
        print_rows(answer->at("acts").as_array());
    return 0;
}

int compare(const Overseeing& a) {
    const auto answer = Control(a.dir).post(
        "/oversight/comparisons",
        {{"first", a.first}, {"second", a.second}, {"from", a.from}, {"until", a.until}});
    if (!answer) return refused(answer.error());
    const bool equal = answer->at("equal").as_bool();
    if (a.json) {
        fmt::print("{}", json::pretty(*answer));
        return equal ? 0 : 1;
    }
    for (const auto* side : {"first", "second"}) {
        const auto& of = answer->at(side).as_object();
        fmt::print(
            "{}: record of {} leaves{}\n", text_of(of.at("participant")),
            text_of(of.at("checkpoint_size")),
            of.contains("problem") ? ", not to be relied on: " + text_of(of.at("problem")) : "");
    }
    fmt::print("{} cases together\n", text_of(answer->at("cases")));
    for (const auto* list : {"counts", "differences", "unknown_here", "cancelled"})
        if (const auto& rows = answer->at(list).as_array(); !rows.empty()) {
            fmt::print("{}:\n", list);
            print_rows(rows);
        }
    fmt::print("{}\n", equal ? "equal" : "not equal");
    return equal ? 0 : 1;
}

Result<record::Policy> read_policy(const Overseeing& a) {
    if (!a.policy.empty()) {
        TRY(const auto text, read_file(a.policy));
        return record::Policy::parse(text);
    }
    TRY(const auto text, read_file(a.directory));
    TRY(const auto directory, directory::accept_first(text));
    return node::witness_policy(directory);
}

// Without a node: the sample's own file, and the policy of the federation.
Result<record::Sample> redraw(const Overseeing& a) {
    TRY(const auto policy, read_policy(a));
    TRY(const auto text, read_file(a.file));
    TRY(auto sample, record::Sample::parse(text));
    TRY_VOID(record::redraw(sample, policy));
    if (a.before.empty()) return sample;
    TRY(const auto earlier, read_file(a.before));
    TRY(const auto before, record::Sample::parse(earlier));
    TRY_VOID(record::redraw(before, policy));
    if (before.frame.origin != sample.frame.origin || before.frame.to != sample.frame.from)
        return refuse(
            Code::proof_wrong,
            fmt::format(
                "the sample begins at leaf {}, the one before it ended at {}", sample.frame.from,
                before.frame.to),
            "Samples of one record follow each other without a gap, or leaves could be kept out");
    return sample;
}

int run_redraw(const Overseeing& a) {
    if (a.policy.empty() == a.directory.empty()) {
        fmt::print(stderr, "oversight redraw: give --directory or --policy\n");
        return 2;
    }
    const auto sample = redraw(a);
    if (!sample) return refused(sample.error());
    fmt::print(
        "{} of the leaves {} to {} of {}, drawn by {} checkpoints cosigned after {}: the same "
        "leaves\n",
        sample->drawn.size(), sample->frame.from, sample->frame.to - 1, sample->frame.origin,
        sample->seeds.size(), to_text(sample->closed));
    return 0;
}

// The hashes of the acts that are to be inspected: by number, or the latest of a kind.
Result<std::vector<std::string>> hashes_of(const Overseeing& a) {
    TRY(const auto state, Control(a.dir).get("/cases/" + a.acting.case_id));
    std::vector<std::string> out;
    for (const auto& wanted : a.acts) {
        std::string hash;
        for (const auto& act : state.at("timeline").as_array())
            if (text_of(act.at("sequence")) == wanted || text_of(act.at("act")) == wanted)
                hash = text_of(act.at("hash"));
        if (hash.empty())
            return refuse(
                Code::act_unknown,
                fmt::format("{} is no act of case {}", wanted, a.acting.case_id));
        out.push_back(std::move(hash));
    }
    return out;
}

int inspect(Overseeing& a) {
    auto hashes = hashes_of(a);
    if (!hashes) return refused(hashes.error());
    a.acting.dir = a.dir;
    a.acting.act = "inspect";
    a.acting.role = "inspector";
    a.acting.about = std::move(*hashes);
    const auto done = act_by_hand(a.acting);
    return done ? 0 : refused(done.error());
}

} // namespace

void add_oversight(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Overseeing>();
    auto& a = *kept;
    auto oversight = app.add_subcommand("oversight", "What an oversight body asks and draws");
    oversight.require_subcommand(1);
    const auto add = [&](const char* name, const char* what, int (*work)(Overseeing&), bool node) {
        auto command = oversight.add_subcommand(name, what);
        if (node) command.add_option("--dir", a.dir, "the node's directory").required();
        command.callback([&run, kept, work] {
            run = [kept, work] {
                return work(*kept);
            };
        });
        return command;
    };
    add(
        "alarms", "What has to be looked at", [](Overseeing& o) { return list_alarms(o); }, true)
        .add_flag("--json", a.json, "print JSON");
    auto question = add(
        "ask",
        "A saved question: emergencies, notices, refusals, deferrals, dwell, ceiling, inspections",
        [](Overseeing& o) { return ask(o); }, true);
    question.add_option("question", a.question, "which").required();
    question.add_option("--days", a.days, "how far back; for deferrals: later than so many days");
    question.add_flag("--json", a.json, "print JSON");
    auto look =
        add("inspect", "Say that acts are looked at; their content then opens for a day", inspect,
            true);
    look.add_option("--case", a.acting.case_id, "the case").required();
    look.add_option("--act", a.acts, "an act, by number or kind; several").required();
    look.add_option("--person", a.acting.person, "who looks").required();
    look.add_option("--office", a.acting.office, "in which office").required();
    look.add_option("--passkey", a.acting.passkey, "the person's passkey file").required();
    look.add_option("--fields", a.acting.fields, "JSON file: purpose, scope, occasion").required();
    auto sample = add(
        "sample", "Draw acts of a period that has ended, as nobody could foresee",
        [](Overseeing& o) { return draw(o); }, true);
    sample.add_option("--from", a.from, "first day").required();
    sample.add_option("--until", a.until, "the day after the last").required();
    sample.add_option("--count", a.count, "how many leaves");
    sample.add_option("--out", a.file, "the file to create");
    auto drawn = add(
        "drawn", "The acts of a sample, and which were inspected since",
        [](Overseeing& o) { return show_drawn(o); }, true);
    drawn.add_option("sample", a.file, "the sample's file").required();
    drawn.add_flag("--json", a.json, "print JSON");
    auto two = add(
        "compare", "What the records of two participants hold of their common cases",
        [](Overseeing& o) { return compare(o); }, true);
    two.add_option("--first", a.first, "one participant").required();
    two.add_option("--second", a.second, "the other").required();
    two.add_option("--from", a.from, "first day").required();
    two.add_option("--until", a.until, "the day after the last").required();
    two.add_flag("--json", a.json, "print JSON");
    auto again = add(
        "redraw", "Draw a published sample again, without a node",
        [](Overseeing& o) { return run_redraw(o); }, false);
    again.add_option("sample", a.file, "the sample's file").required();
    again.add_option("--directory", a.directory, "the federation's signed directory");
    again.add_option("--policy", a.policy, "or a C2SP tlog-policy");
    again.add_option("--after", a.before, "the sample before it, to see that nothing is left out");
}

} // namespace comity::apps

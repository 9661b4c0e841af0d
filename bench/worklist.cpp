// The worklist over a million cases: a page with its five counts, as the pages' interface asks for
// it, for many filters, on two threads; beside the bare query of the index that a page is read
// from.
#include "base/limits.hpp"
#include "bench.hpp"
#include "store/sqlite_store.hpp"
#include "store/statement.hpp"
#include "support/store_temporary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <random>
#include <thread>

namespace comity::bench {

namespace {

using By = node::WorkRange::By;

constexpr std::uint32_t together = 10'000;
constexpr std::size_t page = 50;
constexpr double budget_ms = 50;
constexpr auto day = std::chrono::days{1};
// Twenty people with as many cases in hand as anybody may have; the rest in nobody's.
constexpr std::uint32_t people = 20;

const Instant now{Milliseconds{1'795'000'000'000}};

/// A country's node with thirty partners and twenty providers, five years of cases.
class Cases {
public:
    node::WorkRow row(std::uint32_t number) {
        node::WorkRow out;
        out.case_id = CaseId(id(number));
        const bool outgoing = random_() % 10 < 6;
        out.direction = outgoing ? "outgoing" : "incoming";
        // The first partners have most of the cases.
        const std::string partner = fmt::format("partner-{:02}", std::min(below(30), below(30)));
        out.partner = ParticipantId(partner);
        const auto kind = below(100);
        out.procedure = kind < 92 ? "mla" : kind < 98 ? "emergency" : "extraordinary";
        const auto data = below(10);
        out.category = data < 4   ? "subscriber"
                       : data < 7 ? "access"
                       : data < 9 ? "traffic"
                                  : "content";
        out.acts = 1 + below(20);
        out.opened = now - Milliseconds{day} * below(5 * 365) - Milliseconds{below(86'400'000)};
        out.sealed = Bytes(60, 's');
        stand(out, outgoing, partner);
        return out;
    }

    /// Multiplied by an odd number, so that ids come in no order and none twice.
    static std::string id(std::uint32_t number) {
        return fmt::format("{:08x}qqqqqqqqqqqqqqqqqq", number * 2'654'435'761U);
    }

private:
    std::int64_t below(std::uint32_t most) { return random_() % most; }

    void stand(node::WorkRow& out, bool outgoing, const std::string& partner) {
        const auto at = below(100);
        out.updated = std::min(
            now - Milliseconds{below(86'400'000)}, out.opened + Milliseconds{day} * below(300));
        out.holder = ParticipantId("self");
        if (at < 55) {
            out.state = "at-rest";
            return;
        }
        const bool suspended = at == 99;
        const bool ours = at < 70;
        out.state = suspended ? "suspended" : ours ? "open" : "waiting";
        out.ours = ours;
        const auto step = below(4);
        const bool provider = !ours && step == 3;
        out.act = suspended   ? "resume"
                  : step == 0 ? "authorise"
                  : step == 1 ? "accept"
                  : step == 2 ? "notify"
                              : "produce";
        out.role = suspended   ? "inspector"
                   : provider  ? "response-officer"
                   : step == 0 ? "judge"
                               : "central-authority-officer";
        out.side = outgoing == ours ? "requesting" : "requested";
        if (suspended) out.holder = ParticipantId("oversight");
        if (provider)
            out.holder = ParticipantId(fmt::format("provider-{:02}", below(20)));
        else if (!ours && !suspended)
            out.holder = ParticipantId(partner);
        // Most of what is owed is due within two months; a fiftieth is late.
        const bool late = below(50) == 0;
        out.due = now + Milliseconds{day} * (late ? -below(40) - 1 : below(60)) +
                  Milliseconds{below(86'400'000)};
        out.stuck = std::max(*out.due, out.updated + Milliseconds{day} * 14);
        if (out.act == "notify" && below(4) == 0) out.seal_end = out.due;
        if (ours) out.duties.push_back({out.role, out.act, out.side, out.due, out.updated});
        // In some cases another role owes something as well, later.
        if (!suspended && below(6) == 0 && out.role != "judge")
            out.duties.push_back(
                {"judge", "dismiss-challenge", "requesting", *out.due + day * 20, out.updated});
    }

    std::mt19937 random_{20'261'124};
};

double fill(node::Store& store, std::uint32_t cases) {
    Cases source;
    return seconds([&] {
        for (std::uint32_t from = 0; from < cases; from += together)
            store.write([&](node::StoreWriter& writer) {
                for (std::uint32_t i = from; i < from + together; ++i) {
                    const auto row = source.row(i);
                    writer.put_case(
                        {row.case_id, row.procedure, "{}", 2, std::nullopt, row.updated});
                    writer.put_work(row);
                }
            });
    });
}

PersonId person(std::uint32_t number) {
    return PersonId(fmt::format("person-{:02}", number));
}

/// Cases spread over all partners and states, into each person's hands.
void hand_out(node::Store& store, std::uint32_t cases) {
    const auto each = std::min<std::uint32_t>(limits::cases_in_hand, cases / (2 * people));
    const Digest statement{1};
    store.write(
        [&](node::StoreWriter& writer) { writer.add_hand_statement({statement, now, "{}"}); });
    for (std::uint32_t p = 0; p < people; ++p)
        store.write([&](node::StoreWriter& writer) {
            for (std::uint32_t i = 0; i < each; ++i)
                writer.put_hands(
                    {CaseId(Cases::id((i * people + p) * 7 % cases)),
                     now,
                     {},
                     person(p),
                     statement});
        });
}

struct Question {
    std::string name;
    node::WorkFilter filter;
    node::WorkRange range;
    std::optional<node::WorkPlace> after;
};

std::vector<Question> questions() {
    std::vector<Question> out;
    const auto with = [](const std::function<void(node::WorkFilter&)>& set) {
        node::WorkFilter filter;
        set(filter);
        return filter;
    };
    std::vector<std::pair<std::string, node::WorkFilter>> filters{{"none", {}}};
    for (const std::string direction : {"outgoing", "incoming"})
        filters.emplace_back(
            "direction " + direction, with([&](auto& f) { f.direction = direction; }));
    for (const std::string partner : {"partner-00", "partner-12", "partner-29"})
        filters.emplace_back("partner " + partner, with([&](auto& f) { f.partner = partner; }));
    for (const std::string procedure : {"mla", "emergency", "extraordinary"})
        filters.emplace_back(
            "procedure " + procedure, with([&](auto& f) { f.procedure = procedure; }));
    for (const std::string category : {"subscriber", "content"})
        filters.emplace_back("category " + category, with([&](auto& f) { f.category = category; }));
    for (const std::string state : {"open", "waiting", "suspended", "at-rest"})
        filters.emplace_back("state " + state, with([&](auto& f) { f.state = state; }));
    filters.emplace_back("holder a provider", with([](auto& f) { f.holder = "provider-07"; }));
    filters.emplace_back("mine as judge", with([](auto& f) { f.mine = {"judge"}; }));
    filters.emplace_back(
        "mine as central authority", with([](auto& f) { f.mine = {"central-authority-officer"}; }));
    filters.emplace_back("mine in both roles", with([](auto& f) {
                             f.mine = {"judge", "central-authority-officer"};
                         }));
    filters.emplace_back("mine in both roles, partner-12", with([](auto& f) {
                             f.mine = {"judge", "central-authority-officer"};
                             f.partner = "partner-12";
                         }));
    filters.emplace_back("extraordinary, content, open", with([](auto& f) {
                             f.procedure = "extraordinary";
                             f.category = "content";
                             f.state = "open";
                         }));
    filters.emplace_back("incoming, partner-29, suspended", with([](auto& f) {
                             f.direction = "incoming";
                             f.partner = "partner-29";
                             f.state = "suspended";
                         }));
    const auto of = [](std::uint32_t number) {
        return node::WorkHands::Of{person(number), std::nullopt};
    };
    filters.emplace_back(
        "hands of one", with([&](auto& f) { f.hands = node::WorkHands{{of(3)}}; }));
    filters.emplace_back("hands of one, what a judge owes", with([&](auto& f) {
                             f.hands = node::WorkHands{{of(4)}};
                             f.mine = {"judge"};
                         }));
    filters.emplace_back("hands of one who stands in for two", with([&](auto& f) {
                             f.hands = node::WorkHands{{of(5), of(6), of(7)}};
                         }));
    filters.emplace_back("hands of nobody", with([](auto& f) { f.hands.emplace(); }));
    filters.emplace_back("hands of nobody, open, partner-12", with([](auto& f) {
                             f.hands.emplace();
                             f.state = "open";
                             f.partner = "partner-12";
                         }));
    for (const auto& [name, filter] : filters) {
        out.push_back({name + " by deadline", filter, {}, {}});
        out.push_back({name + " late", filter, {By::due, {}, now}, {}});
        out.push_back({name + " this week", filter, {By::due, now, now + day * 7}, {}});
        out.push_back({name + " stuck", filter, {By::stuck, {}, now}, {}});
        out.push_back({name + " newest", filter, {By::updated, {}, {}}, {}});
        out.push_back({name + " deep", filter, {}, node::WorkPlace{now + day * 30, CaseId("8")}});
    }
    return out;
}

/// What one call of the interface asks of the store.
std::size_t ask(node::StoreReader& reader, const Question& question) {
    std::size_t seen = 0;
    const Instant tomorrow = now + day;
    for (const auto& range : std::initializer_list<node::WorkRange>{
             {By::due, {}, now},
             {By::due, now, tomorrow},
             {By::due, now, now + day * 7},
             {By::stuck, {}, now + Milliseconds{1}},
             {}})
        seen += reader.count_work(question.filter, range, limits::work_counted);
    return seen + reader.work(question.filter, question.range, question.after, page + 1).size();
}

struct Asked {
    double ms = 0;
    double processor_ms = 0; ///< of this thread alone: what a busy machine does not change
    std::string name;
};

double processor_seconds() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

/// Every question several times on each of two threads, in an order of its own.
std::vector<Asked> ask_all(node::Store& store) {
    constexpr int rounds = 4;
    std::vector<std::vector<Asked>> took(2);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < took.size(); ++t)
        threads.emplace_back([&, t] {
            auto all = questions();
            std::mt19937 random(static_cast<std::uint32_t>(t));
            for (int round = 0; round < rounds; ++round) {
                std::shuffle(all.begin(), all.end(), random);
                for (const auto& question : all) {
                    const double before = processor_seconds();
                    const double s = seconds([&] {
                        store.read([&](node::StoreReader& reader) { keep(ask(reader, question)); });
                    });
                    // The first round fills the caches.
                    if (round > 0)
                        took[t].push_back(
                            {s * 1e3, (processor_seconds() - before) * 1e3, question.name});
                }
            }
        });
    for (auto& thread : threads)
        thread.join();
    auto out = std::move(took[0]);
    out.insert(out.end(), took[1].begin(), took[1].end());
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.ms < b.ms; });
    return out;
}

constexpr store::Query bare{
    "bare",
    "SELECT w.case_id, w.due, w.act, g.partner, g.state FROM work AS w JOIN work_groups AS g "
    "ON g.id = w.grp WHERE w.due >= ? ORDER BY w.due, w.case_id LIMIT 51"};

/// The page alone, from the index, with nothing counted and nothing filtered.
double bare_ms(const std::string& path) {
    store::Connection connection(path, store::Connection::Mode::read, "");
    std::mt19937 random(1);
    constexpr int times = 500;
    const double took = seconds([&] {
        for (int i = 0; i < times; ++i) {
            auto cursor = connection.query(
                bare,
                std::int64_t{(now + Milliseconds{day} * static_cast<std::int64_t>(random() % 50))
                                 .time_since_epoch()
                                 .count()});
            while (cursor.step())
                keep(cursor.text(0));
        }
    });
    return took / times * 1e3;
}

/// What an act adds to its transaction: its case's row put again, in the writer's groups.
double put_us(node::Store& store, std::uint32_t cases) {
    Cases source;
    std::vector<node::WorkRow> rows;
    for (std::uint32_t i = 0; i < 4 * limits::store_group_writes; ++i)
        rows.push_back(source.row(i * 977));
    const double took = seconds([&] {
        for (std::size_t from = 0; from < rows.size(); from += limits::store_group_writes)
            store.write([&](node::StoreWriter& writer) {
                for (std::size_t i = from; i < from + limits::store_group_writes; ++i) {
                    rows[i].case_id =
                        CaseId(Cases::id(static_cast<std::uint32_t>(i) * 401 % cases));
                    writer.put_work(rows[i]);
                }
            });
    });
    return took / static_cast<double>(rows.size()) * 1e6;
}

} // namespace

COMITY_BENCH(worklist) {
    const test::TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    const auto store = store::SqliteStore::create(path).value();
    const std::uint32_t cases = much(1'000'000);
    const double filled = fill(*store, cases);
    hand_out(*store, cases);
    const auto asked = ask_all(*store);
    const auto at = [&](double share) -> const Asked& {
        return asked[static_cast<std::size_t>(share * static_cast<double>(asked.size() - 1))];
    };
    const double alone = bare_ms(path);
    std::vector<double> processor;
    processor.reserve(asked.size());
    for (const auto& one : asked)
        processor.push_back(one.processor_ms);
    std::sort(processor.begin(), processor.end());
    const double processor_p95 =
        processor[static_cast<std::size_t>(0.95 * static_cast<double>(processor.size() - 1))];
    report(
        {"worklist.page_p95", at(0.95).ms, "ms", budget_ms, budget_ms / at(0.95).ms,
         fmt::format(
             "{} cases, {} filters and orders, {} calls on two threads; slowest {:.1f} ms ({}); limit: the budget",
             cases, questions().size(), asked.size(), asked.back().ms, asked.back().name)});
    report(
        {"worklist.page_p95_processor", processor_p95, "ms", budget_ms, budget_ms / processor_p95,
         fmt::format(
             "the same calls by processor time; the most {:.1f} ms; limit: the budget",
             processor.back())});
    report(
        {"worklist.page_median", at(0.5).ms, "ms", alone, alone / at(0.5).ms,
         "51 rows and five counts; limit: 51 rows of the bare index query, nothing counted"});
    report(
        {"worklist.put", put_us(*store, cases), "us", 0, 0,
         fmt::format(
             "a case's row put again among {}, {} a commit; filled at {:.0f} cases/s", cases,
             limits::store_group_writes, cases / filled)});
}

} // namespace comity::bench

using System.Net.Http.Headers;
using System.Text.Json;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>An invitation on a running server, and its report afterwards.</summary>
internal sealed class CandidateInterview(string server, string id, string candidateUrl, string accessToken)
{
    private const string Plan = """
        id: short-interview
        version: 1
        languages: [en, zh]
        title: { en: Restaurant store manager, zh: 餐厅门店店长 }
        stages:
          - id: late-dish
            title: { en: "A customer whose dish is late", zh: "上菜太慢的顾客" }
            mode: video
            questions:
              - id: late-dish-response
                text: { en: "A guest has waited forty minutes for a dish and is angry. What do you do?", zh: "一位顾客等一道菜等了四十分钟，非常生气。您会怎么做？" }
                timeLimitSeconds: 120
                rerecords: 1
                competencies: [communication]
          - id: promotion
            title: { en: "A weekend promotion plan", zh: "周末促销方案" }
            mode: text
            questions:
              - id: promotion-plan
                text: { en: "Write a promotion plan for the next weekend.", zh: "请为下个周末写一份促销方案。" }
                timeLimitSeconds: 300
                rerecords: 0
                competencies: [communication]
          - id: falling-results
            title: { en: "An employee whose results fall", zh: "业绩下滑的员工" }
            mode: voice
            next: end
            questions:
              - id: falling-results-talk
                text: { en: "How do you talk to an employee whose results fall?", zh: "您会怎样和业绩下滑的员工谈？" }
                timeLimitSeconds: 10
                rerecords: 1
                competencies: [communication]
        competencies:
          - id: communication
            weight: 1
            deliveryShare: 0.2
            name: { en: Communication, zh: 沟通表达 }
            definition: { en: "Listens, and says clearly what happens next.", zh: 能倾听，并清楚说明接下来会怎么做。 }
            anchors:
              - { level: 1, text: { en: Argues or avoids talking., zh: 争辩或者回避沟通。 } }
              - { level: 2, text: { en: Says sorry in passing., zh: 随口道歉。 } }
              - { level: 3, text: { en: Apologises and listens., zh: 道歉并倾听。 } }
              - { level: 4, text: { en: Goes to the guest at once and gives an honest time., zh: 马上走到客人面前并给出真实的时间。 } }
              - { level: 5, text: { en: "Agrees on what happens next, and checks again.", zh: 商定下一步，并再次确认。 } }
        """;

    public string CandidateUrl { get; } = candidateUrl;

    public static async Task<CandidateInterview> InviteAsync(ServerProcess server, string folder, string language, string policy)
    {
        var plan = Path.Combine(folder, "short-interview.yaml");
        await File.WriteAllTextAsync(plan, Plan);
        var invitation = (await CommandLine.RunAsync("invite", "--plan", plan, "--language", language, "--policy", policy, "--server", server.Grpc, "--json")).ShouldSucceed().JsonLines.Single();
        return new CandidateInterview(
            server.Http, invitation.GetProperty("interviewId").GetString()!, invitation.GetProperty("candidateUrl").GetString()!, invitation.GetProperty("accessToken").GetString()!);
    }

    /// <summary>Follows the interview's own events to their end. Begin it before the candidate ends the interview.</summary>
    /// <returns>The report's JSON.</returns>
    public async Task<JsonElement> ReportAsync(TimeSpan limit)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server), Timeout = limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var deadline = new CancellationTokenSource(limit);
        using (var events = new StreamReader(await client.GetStreamAsync($"/interviews/{id}/candidate/events", deadline.Token)))
        {
            while (await events.ReadLineAsync(deadline.Token) is { } line && line != "event: finished")
            {
                // Captions, and what is safe: the page shows them.
            }
        }

        return JsonDocument.Parse(await client.GetStringAsync($"/interviews/{id}/report.json", deadline.Token)).RootElement;
    }
}

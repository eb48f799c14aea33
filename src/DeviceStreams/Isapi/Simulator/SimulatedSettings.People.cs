using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>People and faces; with the trap that makes an empty list of people mean all of them.</summary>
internal sealed partial class SimulatedSettings
{
    private readonly SortedDictionary<string, string> _people = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _faces = new(StringComparer.Ordinal);
    private int _busyAnswers;

    /// <summary>Numbers and names.</summary>
    public IReadOnlyDictionary<string, string> People
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, string>(_people);
        }
    }

    public IReadOnlyDictionary<string, byte[]> Faces
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, byte[]>(_faces);
        }
    }

    public void AddPerson(string number, string name)
    {
        lock (_gate)
            _people[number] = name;
    }

    /// <summary>The next so many answers about people are that it is busy.</summary>
    public void BeBusy(int answers)
    {
        lock (_gate)
            _busyAnswers = answers;
    }

    private SimulatedResponse AnswerPeople(SimulatedRequest request)
    {
        if (_busyAnswers > 0)
        {
            _busyAnswers--;
            return new SimulatedResponse(200, Json, SimulatedWords.StatusJson(request.Path, 2, "Device Busy", "deviceBusy", 0x20000004, "deviceBusy"));
        }

        return (request.Method, request.Path) switch
        {
            ("POST", "/ISAPI/AccessControl/UserInfo/Search") => SearchPeople(request),
            ("PUT", "/ISAPI/AccessControl/UserInfo/SetUp") => device.Plan.HasUserSetUp ? SetPerson(request, mayMake: true, mayChange: true) : Wrong(request, "notSupport", status: 403),
            ("POST", "/ISAPI/AccessControl/UserInfo/Record") => SetPerson(request, mayMake: true, mayChange: false),
            ("PUT", "/ISAPI/AccessControl/UserInfo/Modify") => SetPerson(request, mayMake: false, mayChange: true),
            ("PUT", "/ISAPI/AccessControl/UserInfo/Delete") => DeletePeople(request, "UserInfoDelCond"),
            ("PUT", "/ISAPI/AccessControl/UserInfoDetail/Delete") when device.Plan.HasDetailDelete => DeletePeople(request, "UserInfoDetail"),
            ("GET", "/ISAPI/AccessControl/UserInfoDetail/DeleteProcess") when device.Plan.HasDetailDelete => new SimulatedResponse(200, Json, """{"UserInfoDetailDeleteProcess":{"status":"success"}}"""),
            ("GET", "/ISAPI/AccessControl/UserInfo/Count") => new SimulatedResponse(200, Json, $"{{\"UserInfoCount\":{{\"userNumber\":{_people.Count},\"bindFaceUserNumber\":{_faces.Count}}}}}"),
            ("PUT", "/ISAPI/AccessControl/CardInfo/Delete") => Ok(request),
            ("GET", "/ISAPI/AccessControl/CardInfo/Count") => new SimulatedResponse(200, Json, """{"CardInfoCount":{"cardNumber":0}}"""),
            ("PUT", "/ISAPI/Intelligent/FDLib/FDSetUp") => SetFace(request, mayChange: true),
            ("POST", "/ISAPI/Intelligent/FDLib/FaceDataRecord") => SetFace(request, mayChange: false),
            ("POST", "/ISAPI/Intelligent/FDLib/FDSearch") => SearchFace(request),
            ("PUT", "/ISAPI/Intelligent/FDLib/FDSearch/Delete") => DeleteFaces(request),
            ("GET", "/ISAPI/Intelligent/FDLib/Count") => new SimulatedResponse(200, Json, $"{{\"FDRecordDataInfo\":[{{\"FDID\":\"1\",\"faceLibType\":\"blackFD\",\"recordDataNumber\":{_faces.Count}}}]}}"),
            _ => Wrong(request, "methodNotAllowed"),
        };
    }

    private SimulatedResponse SearchPeople(SimulatedRequest request)
    {
        if (Read(request)?["UserInfoSearchCond"] is not { } condition)
            return Wrong(request, "badJsonContent");
        var wanted = condition.All("EmployeeNoList").Select(one => one.TextOf("employeeNo")).ToHashSet(StringComparer.Ordinal);
        var (position, most) = ((int)(condition.NumberOf("searchResultPosition") ?? 0), (int)(condition.NumberOf("maxResults") ?? 30));
        var matches = _people.Where(person => wanted.Count == 0 || wanted.Contains(person.Key)).ToList();
        var page = matches.Skip(position).Take(most).Select(person => new { employeeNo = person.Key, name = person.Value, userType = "normal", numOfFace = _faces.ContainsKey(person.Key) ? 1 : 0 }).ToList();
        var status = page.Count == 0 ? "NO MATCH" : position + page.Count < matches.Count ? "MORE" : "OK";
        var answer = new Dictionary<string, object> { ["searchID"] = condition.TextOf("searchID"), ["responseStatusStrg"] = status, ["numOfMatches"] = page.Count, ["totalMatches"] = matches.Count };
        if (page.Count > 0)
            answer["UserInfo"] = page;
        return Object("UserInfoSearch", answer);
    }

    private SimulatedResponse SetPerson(SimulatedRequest request, bool mayMake, bool mayChange)
    {
        if (Read(request)?["UserInfo"] is not { } person || person.TextOf("employeeNo") is not { Length: > 0 } number)
            return Wrong(request, "badJsonContent", "employeeNo");
        if (!mayMake && !_people.ContainsKey(number))
            return Wrong(request, "employeeNoNotExist");
        if (!mayChange && _people.ContainsKey(number))
            return Wrong(request, "employeeNoAlreadyExist", "checkUser");
        _people[number] = person.TextOf("name");
        return Ok(request);
    }

    private SimulatedResponse DeletePeople(SimulatedRequest request, string root)
    {
        if (Read(request)?[root] is not { } condition)
            return Wrong(request, "badJsonContent");
        var numbers = condition.All("EmployeeNoList").Select(one => one.TextOf("employeeNo")).Where(number => number.Length > 0).ToList();
        if (numbers.Count == 0)
        {
            _people.Clear();
            _faces.Clear();
            return Ok(request);
        }

        var isAny = false;
        foreach (var number in numbers)
        {
            isAny |= _people.Remove(number);
            // Only the newer call takes the face along.
            if (root == "UserInfoDetail")
                _faces.Remove(number);
        }

        return isAny || root == "UserInfoDetail" ? Ok(request) : Wrong(request, "employeeNoNotExist");
    }

    private SimulatedResponse SetFace(SimulatedRequest request, bool mayChange)
    {
        var parser = new MultipartParser(HeaderWords.Parameter(request.Headers.GetValueOrDefault("Content-Type", ""), "boundary"));
        parser.Append(request.Body);
        parser.Complete();
        var parts = new List<MultipartPart>();
        while (parser.TryRead() is { } part)
            parts.Add(part);
        var number = parts.Where(part => part.Kind == PartKind.Json).Select(part => IsapiBody.TryRead(part.Body, out _)?.TextOf("FPID")).FirstOrDefault();
        if (string.IsNullOrEmpty(number) || parts.Find(part => part.IsJpeg && part.Name == device.Plan.FacePartName) is not { } picture)
            return Wrong(request, "MessageParametersLack", device.Plan.FacePartName);
        if (!_people.ContainsKey(number))
            return Wrong(request, "employeeNoNotExist");
        if (!mayChange && _faces.ContainsKey(number))
            return Wrong(request, "deviceUserAlreadyExistFace");
        _faces[number] = picture.Body;
        return Ok(request);
    }

    private SimulatedResponse SearchFace(SimulatedRequest request)
    {
        var isThere = _faces.ContainsKey(Read(request)?.TextOf("FPID") ?? "");
        return new SimulatedResponse(200, Json, isThere
            ? """{"statusCode":1,"statusString":"OK","subStatusCode":"ok","responseStatusStrg":"OK","numOfMatches":1,"totalMatches":1}"""
            : """{"statusCode":1,"statusString":"OK","subStatusCode":"ok","responseStatusStrg":"NO MATCHES","numOfMatches":0,"totalMatches":0}""");
    }

    private SimulatedResponse DeleteFaces(SimulatedRequest request)
    {
        var numbers = Read(request)?.All("FPID").Select(one => one.TextOf("value")).Where(number => number.Length > 0).ToList() ?? [];
        if (numbers.Count == 0)
            _faces.Clear();
        var removed = numbers.Where(_faces.Remove).ToList();
        return numbers.Count == 0 || removed.Count > 0 ? Ok(request) : Wrong(request, "deleteNoExistFace");
    }
}
